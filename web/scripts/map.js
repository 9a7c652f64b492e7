// The one map: regions and records from the house's own vector tiles, no address outside.
import Map from "ol/Map.js";
import View from "ol/View.js";
import Overlay from "ol/Overlay.js";
import MousePosition from "ol/control/MousePosition.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { defaults as controls } from "ol/control/defaults.js";
import { createStringXY } from "ol/coordinate.js";
import { fromLonLat, transformExtent } from "ol/proj.js";
import { tileLayer } from "./maplayers.js";
import { card } from "./mapcard.js";
import { daySlider } from "./mapday.js";
import { overlay } from "./mapoverlay.js";
import { startDrawing } from "./drawing.js";

const SHANXI = [110.2, 34.5, 114.6, 40.8];

function view(data) {
  const lon = Number.parseFloat(data.lon);
  const lat = Number.parseFloat(data.lat);
  const extent = transformExtent(SHANXI, "EPSG:4326", "EPSG:3857");
  const options = { minZoom: 5, maxZoom: 18 };
  if (Number.isFinite(lon) && Number.isFinite(lat)) {
    return new View({ ...options, center: fromLonLat([lon, lat]), zoom: Number(data.zoom) || 9 });
  }
  return new View({ ...options, center: [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2], zoom: 7 });
}

function switches(scope, layers) {
  scope.querySelectorAll("[data-layer]").forEach((box) => {
    const layer = layers[box.dataset.layer];
    if (!layer) return;
    if (box.type !== "checkbox") return;
    layer.setVisible(box.checked);
    box.addEventListener("change", () => layer.setVisible(box.checked));
  });
}

function furniture(small) {
  const base = controls({ attribution: false, rotate: false, zoom: !small });
  if (small) return base.extend([new ScaleLine()]);
  const mouse = new MousePosition({ coordinateFormat: createStringXY(4), projection: "EPSG:4326", className: "ol-mouse", placeholder: "" });
  return base.extend([new ScaleLine(), mouse]);
}

function lettersOf(name) {
  const box = document.querySelector(`[data-layer="${CSS.escape(name)}"]`);
  const pairs = (box?.dataset.letters ?? "").split("|").map((pair) => pair.split("="));
  return Object.fromEntries(pairs);
}

function start(target) {
  const layers = {};
  for (const name of target.dataset.layers.split(" ")) {
    layers[name] = tileLayer(name, target.dataset, lettersOf(name));
  }
  const map = new Map({
    target,
    layers: Object.values(layers),
    view: view(target.dataset),
    controls: furniture(target.hasAttribute("data-small")),
  });
  switches(document, layers);
  if (!target.hasAttribute("data-small")) card(map, layers, Overlay, target.dataset);
  if (!target.dataset.lon) {
    map.getView().fit(transformExtent(SHANXI, "EPSG:4326", "EPSG:3857"), { padding: [8, 8, 8, 8] });
  }
  daySlider(target.dataset, layers);
  overlay(map, target.dataset);
  map.once("rendercomplete", () => { target.dataset.drawn = "1"; });
}

document.querySelectorAll("[data-map]").forEach(start);
document.querySelectorAll("[data-drawing]").forEach(startDrawing);
