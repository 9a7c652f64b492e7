// Drawing a boundary by hand: the text of WKT below stays the one answer, the map is a second way to fill it.
import Map from "ol/Map.js";
import View from "ol/View.js";
import GeoJSON from "ol/format/GeoJSON.js";
import WKT from "ol/format/WKT.js";
import Draw from "ol/interaction/Draw.js";
import Modify from "ol/interaction/Modify.js";
import Snap from "ol/interaction/Snap.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { defaults as controls } from "ol/control/defaults.js";
import { createEmpty, extend, isEmpty } from "ol/extent.js";
import { transformExtent } from "ol/proj.js";
import { tileLayer } from "./maplayers.js";
import { drawnStyle, shownStyle, legendSign } from "./drawingstyle.js";
import { preview } from "./preview.js";

const SHANXI = [110.2, 34.5, 114.6, 40.8];
const ON_MAP = { dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" };
const DECIMALS = 8; // a millimetre
const KINDS = { line: "LineString", surface: "Polygon" };
const SNAP_PIXELS = 10;
const TYPING_MS = 400;

// What the map shows in degrees, west, south, east, north, for those who read the page by program.
function seen(map) {
  return transformExtent(map.getView().calculateExtent(), "EPSG:3857", "EPSG:4326").map((each) => each.toFixed(7)).join(" ");
}

export function startDrawing(island) {
  new Hand(island, document.getElementById(island.dataset.drawing)).start();
}

class Hand {
  constructor(island, field) {
    this.island = island;
    this.field = field;
    this.ways = field.dataset.draw.split(" ");
    const shown = new GeoJSON(ON_MAP).readFeatures(field.dataset.shown);
    this.shown = new VectorSource({ features: shown });
    this.drawn = new VectorSource();
    this.parts = new VectorSource();
    this.draw = null;
  }

  start() {
    this.island.hidden = false;
    this.map = this.makeMap();
    this.way = "";
    this.wireButtons();
    this.wireField();
    this.legend();
    this.hint("idle");
    this.read();
    if (this.field.value.trim()) this.preview();
  }

  makeMap() {
    const target = this.island.querySelector(".map");
    const layer = (source, style, zIndex) => new VectorLayer({ source, style, zIndex });
    const map = new Map({
      target,
      layers: [
        tileLayer("regions", target.dataset, {}),
        layer(this.shown, shownStyle, 2), layer(this.parts, shownStyle, 3), layer(this.drawn, drawnStyle, 4),
      ],
      view: new View({ minZoom: 5, maxZoom: 20 }),
      controls: controls({ attribution: false, rotate: false }).extend([new ScaleLine()]),
    });
    const extent = this.shown.getFeatures().reduce((all, each) => extend(all, each.getGeometry().getExtent()), createEmpty());
    const own = this.shown.getFeatures().find((each) => each.get("role") === "own");
    const wanted = own ? own.getGeometry().getExtent() : isEmpty(extent) ? transformExtent(SHANXI, "EPSG:4326", "EPSG:3857") : extent;
    map.getView().fit(wanted, { padding: [60, 60, 60, 60], maxZoom: 18 });
    map.on("click", (event) => this.tell(event.pixel));
    map.once("rendercomplete", () => { target.dataset.drawn = "1"; });
    map.on("moveend", () => { target.dataset.view = seen(map); });
    return map;
  }

  wireButtons() {
    for (const button of this.island.querySelectorAll("[data-way]")) {
      button.hidden = !this.ways.includes(button.dataset.way);
      button.addEventListener("click", () => this.choose(button.dataset.way));
    }
    const acts = { undo: () => this.undo(), finish: () => this.draw?.finishDrawing(), clear: () => this.clear() };
    for (const [name, act] of Object.entries(acts)) this.act(name).addEventListener("click", act);
    document.addEventListener("keydown", (event) => this.press(event));
  }

  wireField() {
    let waits;
    this.field.addEventListener("input", () => {
      clearTimeout(waits);
      waits = setTimeout(() => { this.read(); this.preview(); }, TYPING_MS);
    });
    this.field.form.addEventListener("change", (event) => {
      if (event.target !== this.field) this.preview();
    });
  }

  act(name) {
    return this.island.querySelector(`[data-act=${name}]`);
  }

  // Begin to draw in one of the ways; what was drawn before goes when the new drawing begins.
  choose(way) {
    this.rest();
    this.way = way;
    if (way === "change") this.change();
    else this.begin(KINDS[way]);
    const edges = new VectorSource({ features: this.shown.getFeatures().filter((each) => each.get("role") !== "point") });
    this.add(new Snap({ source: edges, pixelTolerance: SNAP_PIXELS }));
    for (const button of this.island.querySelectorAll("[data-way]")) {
      button.setAttribute("aria-pressed", String(button.dataset.way === way));
    }
    this.hint(way);
    this.map.getTargetElement().focus({ preventScroll: true });
  }

  begin(type) {
    this.draw = new Draw({ source: this.drawn, type, style: drawnStyle, stopClick: true });
    this.draw.on("drawstart", () => { this.drawn.clear(); this.parts.clear(); this.drawing(true); });
    this.draw.on("drawabort", () => this.drawing(false));
    this.draw.on("drawend", (event) => {
      this.drawing(false);
      this.write(event.feature);
    });
    this.add(this.draw);
  }

  // The boundary that stands becomes what is drawn, with every corner to be moved.
  change() {
    if (!this.drawn.getFeatures().some((each) => each.getGeometry().getType().endsWith("Polygon"))) {
      this.drawn.clear();
      const own = this.shown.getFeatures().find((each) => each.get("role") === "own");
      if (own) {
        const copy = own.clone();
        copy.unset("role");
        this.drawn.addFeature(copy);
      }
    }
    const modify = new Modify({ source: this.drawn, style: drawnStyle });
    modify.on("modifyend", () => this.write(this.drawn.getFeatures()[0]));
    this.add(modify);
  }

  add(interaction) {
    (this.held ??= []).push(interaction);
    this.map.addInteraction(interaction);
  }

  rest() {
    this.draw?.abortDrawing();
    for (const each of this.held ?? []) this.map.removeInteraction(each);
    this.held = [];
    this.draw = null;
  }

  drawing(on) {
    this.underWay = on;
    this.act("undo").disabled = this.act("finish").disabled = !on;
  }

  undo() {
    this.draw?.removeLastPoint();
  }

  clear() {
    this.draw?.abortDrawing();
    this.drawn.clear();
    this.parts.clear();
    this.field.value = "";
    if (this.way === "change") this.choose("change");
    this.preview();
  }

  press(event) {
    if (!this.underWay || event.target.closest?.("input, select, textarea")) return;
    const acts = { Escape: () => this.draw.abortDrawing(), Backspace: () => this.undo(), Enter: () => this.draw.finishDrawing() };
    const act = event.key === "z" && (event.ctrlKey || event.metaKey) ? acts.Backspace : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  write(feature) {
    const degrees = feature.getGeometry().clone().transform("EPSG:3857", "EPSG:4326");
    this.field.value = new WKT().writeGeometry(degrees, { decimals: DECIMALS });
    this.preview();
  }

  // What was typed shows on the map, as far as it can be read; what cannot is said by the preview.
  read() {
    const lines = this.field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    this.drawn.clear();
    for (const line of lines) {
      try {
        this.drawn.addFeature(new WKT().readFeature(line, ON_MAP));
      } catch {
        return;
      }
    }
  }

  async preview() {
    const box = document.querySelector("[data-preview]");
    const shapes = box && await preview(box, this.field.form, this.hasAnswer());
    if (shapes === undefined) return;
    this.parts.clear();
    if (shapes) this.parts.addFeatures(new GeoJSON(ON_MAP).readFeatures(shapes));
    this.nameOwn(!shapes);
  }

  // The name of the whole gives way to the numbers of its pieces.
  nameOwn(shown) {
    for (const each of this.shown.getFeatures()) {
      if (each.get("role") !== "own") continue;
      if (!each.get("name")) each.set("name", each.get("label"));
      each.set("label", shown ? each.get("name") : "");
    }
  }

  hasAnswer() {
    const files = [...this.field.form.querySelectorAll("input[type=file]")];
    return Boolean(this.field.value.trim()) || files.some((each) => each.name === "layer" && each.files.length);
  }

  hint(name) {
    const line = this.island.querySelector("[data-hint]");
    line.textContent = line.dataset[name];
  }

  tell(pixel) {
    if (this.underWay) return;
    const found = this.map.forEachFeatureAtPixel(pixel, (each) => each.get("role") && each, { hitTolerance: 6 });
    const words = found ? [found.get("label"), found.get("note")].filter(Boolean).join("：") : "";
    this.island.querySelector("[data-told]").textContent = words;
  }

  legend() {
    const seen = {};
    for (const each of this.shown.getFeatures()) if (each.get("words")) seen[each.get("letter")] ??= each;
    this.island.querySelector("[data-legend]").append(...Object.values(seen).map(legendSign));
  }
}
