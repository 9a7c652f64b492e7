// How the map of a drawing shows things: own ground, neighbours, pieces and points, each by line and letter, not colour alone.
import MultiPoint from "ol/geom/MultiPoint.js";
import { Circle, Fill, Stroke, Style, Text } from "ol/style.js";
import { face, paper, pointStyle, token } from "./maplayers.js";

const accent = token("accent");
const halo = new Stroke({ color: paper, width: 4 });

function named(text, size, colour) {
  return new Text({ text, font: `600 ${size}px ${face}`, overflow: true, fill: new Fill({ color: colour }), stroke: halo });
}

const LOOKS = {
  own: (label) => new Style({
    fill: new Fill({ color: `${accent}10` }), stroke: new Stroke({ color: accent, width: 2.4 }), text: named(label, 12, accent),
  }),
  neighbour: (label) => new Style({
    fill: new Fill({ color: "#ffffff80" }), stroke: new Stroke({ color: token("ink-3"), width: 1 }), text: named(label, 11, token("ink-3")),
  }),
  chosen: (label) => new Style({
    fill: new Fill({ color: `${token("overdue")}18` }), stroke: new Stroke({ color: token("overdue"), width: 1.4 }),
    text: named(label, 11, token("overdue")),
  }),
  part: (label) => new Style({
    fill: new Fill({ color: `${accent}1c` }), stroke: new Stroke({ color: accent, width: 1.6, lineDash: [6, 4] }),
    text: named(label, 18, token("ink")),
  }),
};

export function shownStyle(feature) {
  const role = feature.get("role");
  if (role === "point") return pointStyle(feature.get("sign"), feature.get("letter"));
  const look = LOOKS[role] ?? LOOKS.neighbour;
  return look(feature.get("label") ?? "");
}

// Every corner shows, so that a hand finds it.
const line = new Style({ stroke: new Stroke({ color: token("overdue"), width: 2.4 }), fill: new Fill({ color: `${token("overdue")}14` }) });
const corner = new Circle({ radius: 4.5, fill: new Fill({ color: paper }), stroke: new Stroke({ color: token("overdue"), width: 1.8 }) });

export function drawnStyle(feature) {
  if (feature.getGeometry().getType() === "Point") return new Style({ image: corner });
  return [line, new Style({ image: corner, geometry: corners })];
}

function corners(feature) {
  const geometry = feature.getGeometry();
  const flat = geometry.getFlatCoordinates();
  const step = geometry.getStride();
  const places = [];
  for (let at = 0; at < flat.length; at += step) places.push([flat[at], flat[at + 1]]);
  return new MultiPoint(places);
}

export function legendSign(feature) {
  const entry = document.createElement("li");
  const sign = document.createElement("span");
  entry.className = `state state-${feature.get("sign")}`;
  sign.className = `sign sign-${feature.get("sign")}`;
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = feature.get("letter");
  entry.append(sign, feature.get("words"));
  return entry;
}
