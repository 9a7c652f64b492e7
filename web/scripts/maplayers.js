// How each layer of the map is drawn: regions by line and name, records by shape, letter and colour of their state.
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import VectorTileSource from "ol/source/VectorTile.js";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style.js";

const SIGNS = {
  done: { shape: "circle", filled: true },
  open: { shape: "circle", filled: false },
  soon: { shape: "diamond", filled: false },
  overdue: { shape: "square", filled: true },
  na: { shape: "circle", filled: false },
  plain: { shape: "circle", filled: true, radius: 4.5 },
};

const root = getComputedStyle(document.documentElement);
export const token = (name) => root.getPropertyValue(`--${name}`).trim();
const colours = {
  done: token("done"), open: token("open"), soon: token("soon"),
  overdue: token("overdue"), na: token("na"), plain: token("accent"),
};
export const paper = token("paper");
export const face = token("face");

// Without declutterMode "none" a vector tile layer finds no image under the pointer.
function image(sign, colour) {
  const fill = new Fill({ color: sign.filled ? colour : paper });
  const stroke = new Stroke({ color: sign.filled ? paper : colour, width: 1.5 });
  if (sign.shape === "circle") return new Circle({ radius: sign.radius ?? 7, fill, stroke, declutterMode: "none" });
  return new RegularShape({ points: 4, radius: 9.5, angle: sign.shape === "square" ? Math.PI / 4 : 0, fill, stroke, declutterMode: "none" });
}

export function pointStyle(name, letter) {
  const sign = SIGNS[name] ?? SIGNS.plain;
  const colour = colours[name] ?? colours.plain;
  const text = letter && new Text({
    text: letter, font: `700 10px ${face}`, fill: new Fill({ color: sign.filled ? paper : colour }), offsetY: 0.5,
  });
  return new Style({ image: image(sign, colour), text: text || undefined });
}

// Surfaces: a pattern as well as a colour, so that classes can be told apart in print and by the colour-blind.
const PATTERNS = {
  "class-1": { colour: "done", draw: (pen) => pen.arc(4, 4, 1.1, 0, 2 * Math.PI) },
  "class-2": { colour: "soon", draw: (pen) => { pen.moveTo(-1, 9); pen.lineTo(9, -1); } },
  "class-3": { colour: "overdue", draw: (pen) => { pen.moveTo(-1, 9); pen.lineTo(9, -1); pen.moveTo(-1, -1); pen.lineTo(9, 9); } },
};
const NEAR = 30; // metres a pixel: from here on a field is large enough for its letter

function hatch(draw, colour) {
  const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const pen = tile.getContext("2d");
  pen.globalAlpha = 0.16;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 8, 8);
  pen.globalAlpha = 0.85;
  pen.strokeStyle = colour;
  pen.beginPath();
  draw(pen);
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function surfaceStyle(name, letter) {
  const pattern = PATTERNS[name];
  const colour = pattern ? token(pattern.colour) : colours[name] ?? token(name === "class-0" ? "na" : "accent");
  const fill = new Fill({ color: pattern ? hatch(pattern.draw, colour) : `${colour}14` });
  const stroke = new Stroke({ color: colour, width: 1.2, lineDash: pattern ? undefined : [5, 3] });
  const text = letter && new Text({
    text: letter, font: `700 13px ${face}`, overflow: true,
    fill: new Fill({ color: colour }), stroke: new Stroke({ color: paper, width: 4 }),
  });
  return { ground: new Style({ fill, stroke }), letter: text ? new Style({ text }) : undefined };
}

function recordStyle(letters) {
  const points = {};
  const surfaces = {};
  return (feature, resolution) => {
    const sign = feature.get("sign") ?? "plain";
    const state = feature.get("state") ?? "";
    const isLetter = feature.get("layer").endsWith(".letters");
    if (isLetter || feature.getType().endsWith("Polygon")) {
      surfaces[state] ??= surfaceStyle(sign, letters[state]);
      return isLetter ? (resolution < NEAR ? surfaces[state].letter : undefined) : surfaces[state].ground;
    }
    points[state] ??= pointStyle(sign, letters[state]);
    return points[state];
  };
}

const countyLine = new Stroke({ color: token("rule"), width: 0.8 });
const cityLine = new Stroke({ color: token("ink-3"), width: 1.4 });
const ground = new Fill({ color: token("paper-2") });

function nameText(name, large) {
  return new Text({
    text: name, font: `${large ? "600 13px" : "11px"} ${face}`, overflow: false,
    fill: new Fill({ color: token(large ? "ink-2" : "ink-3") }), stroke: new Stroke({ color: paper, width: 3 }),
  });
}

function labelStyle(feature, resolution) {
  const level = feature.get("level");
  if (level === "province") return undefined;
  if (level === "city") return resolution < 420 || resolution > 2500 ? undefined : new Style({ text: nameText(feature.get("name"), true) });
  return resolution < 420 ? new Style({ text: nameText(feature.get("name"), false) }) : undefined;
}

function regionStyle(feature, resolution) {
  if (feature.get("layer") === "labels") return labelStyle(feature, resolution);
  if (feature.get("level") === "county") return new Style({ fill: ground, stroke: countyLine });
  return new Style({ stroke: cityLine });
}

// Tiles are asked for with their days in the address: the server keeps no day for them.
export function tileUrl(name, data) {
  const bare = `${data.tiles}${name}/{z}/{x}/{y}.mvt`;
  if (name === "regions" || !data.on) return bare;
  return `${bare}?${new URLSearchParams({ on: data.on, known_on: data.knownOn ?? "" })}`;
}

export function tileLayer(name, data, letters) {
  const regions = name === "regions";
  return new VectorTileLayer({
    source: new VectorTileSource({
      format: new MVT({ idProperty: "id" }),
      url: tileUrl(name, data),
      maxZoom: 14,
    }),
    style: regions ? regionStyle : recordStyle(letters),
    declutter: regions ? "names" : false,
    zIndex: regions ? 0 : 1,
  });
}
