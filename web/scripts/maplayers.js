// How each layer of the map is drawn: counties by line and name, points by shape, letter and colour of their state.
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style.js";

const STATES = {
  done: { letter: "✓", shape: "circle", filled: true },
  open: { letter: "", shape: "circle", filled: false },
  soon: { letter: "!", shape: "diamond", filled: false },
  overdue: { letter: "✕", shape: "square", filled: true },
  na: { letter: "–", shape: "circle", filled: false },
  unbound: { letter: "?", shape: "square", filled: false },
};

const root = getComputedStyle(document.documentElement);
const token = (name) => root.getPropertyValue(`--${name}`).trim();
const colours = {
  done: token("done"), open: token("open"), soon: token("soon"),
  overdue: token("overdue"), na: token("na"), unbound: token("unknown"),
};
const paper = token("paper");
const face = token("face");

function image(sign, colour) {
  const fill = new Fill({ color: sign.filled ? colour : paper });
  const stroke = new Stroke({ color: sign.filled ? paper : colour, width: 1.5 });
  if (sign.shape === "circle") return new Circle({ radius: 7, fill, stroke });
  return new RegularShape({ points: 4, radius: 9.5, angle: sign.shape === "square" ? Math.PI / 4 : 0, fill, stroke });
}

function pointStyle(state) {
  const sign = STATES[state] ?? STATES.unbound;
  const colour = colours[state] ?? colours.unbound;
  const text = sign.letter && new Text({
    text: sign.letter, font: `700 10px ${face}`, fill: new Fill({ color: sign.filled ? paper : colour }), offsetY: 0.5,
  });
  return new Style({ image: image(sign, colour), text: text || undefined });
}

const pointStyles = Object.fromEntries(Object.keys(STATES).map((state) => [state, pointStyle(state)]));

const countyLine = new Stroke({ color: token("rule"), width: 0.8 });
const cityLine = new Stroke({ color: token("ink-3"), width: 1.4 });
const ground = new Fill({ color: token("paper-2") });

function nameText(name, large) {
  return new Text({
    text: name, font: `${large ? "600 13px" : "11px"} ${face}`, overflow: false,
    fill: new Fill({ color: token(large ? "ink-2" : "ink-3") }), stroke: new Stroke({ color: paper, width: 3 }),
  });
}

function regionStyle(feature, resolution) {
  const level = feature.get("level");
  const isPoint = feature.getType().endsWith("Point");
  if (isPoint) {
    const city = level === "city" || level === "prefecture";
    if (city ? resolution < 500 : resolution > 420) return undefined;
    return new Style({ text: nameText(feature.get("name"), city) });
  }
  if (level === "city" || level === "prefecture") return new Style({ stroke: cityLine });
  return new Style({ fill: ground, stroke: countyLine });
}

const styles = {
  counties: regionStyle,
  points: (feature) => pointStyles[feature.get("state")] ?? pointStyles.unbound,
};

export function tileLayer(name, data) {
  const day = data.on ? `?on=${encodeURIComponent(data.on)}` : "";
  return new VectorTileLayer({
    source: new VectorTileSource({
      format: new MVT({ idProperty: "id" }),
      url: `${data.tiles}${name}/{z}/{x}/{y}.mvt${day}`,
      maxZoom: 14,
      attributions: [],
    }),
    style: styles[name] ?? styles.points,
    declutter: name === "counties",
    renderMode: "vector",
  });
}
