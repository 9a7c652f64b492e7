// A click on a record opens a short card: what it is, its state in words, the way to its record.
function line(list, label, value) {
  if (value === undefined || value === null || value === "") return;
  const dt = document.createElement("dt");
  const dd = document.createElement("dd");
  dt.textContent = label;
  dd.textContent = value;
  list.append(dt, dd);
}

function fill(box, feature, data) {
  const get = (key) => feature.get(key);
  const title = document.createElement("h3");
  title.textContent = [get("code"), get("label")].filter(Boolean).join(" ");
  const list = document.createElement("dl");
  line(list, data.labelState, get("state_label"));
  line(list, data.labelNote, get("note"));
  line(list, data.labelRegion, get("region"));
  const link = document.createElement("a");
  link.href = get("url") ?? "";
  link.textContent = data.labelOpen;
  const shut = document.createElement("button");
  shut.type = "button";
  shut.textContent = "×";
  shut.setAttribute("aria-label", data.labelShut);
  box.replaceChildren(title, list, ...(get("url") ? [link] : []), shut);
  return shut;
}

export function card(map, layers, Overlay, data) {
  const box = document.createElement("div");
  box.className = "map-card";
  const overlay = new Overlay({ element: box, positioning: "bottom-center", offset: [0, -12], autoPan: { animation: { duration: 0 } } });
  map.addOverlay(overlay);
  const hit = { hitTolerance: 4, layerFilter: (layer) => layer !== layers.regions };
  map.on("singleclick", (event) => {
    const feature = map.forEachFeatureAtPixel(event.pixel, (found) => found, hit);
    if (!feature) return overlay.setPosition(undefined);
    fill(box, feature, data).addEventListener("click", () => overlay.setPosition(undefined));
    return overlay.setPosition(event.coordinate);
  });
  map.on("pointermove", (event) => {
    map.getTargetElement().classList.toggle("over-point", map.hasFeatureAtPixel(event.pixel, hit));
  });
}
