// A picture of estimates laid between the ground and the records: one measure at a time, always named an estimate.
import ImageLayer from "ol/layer/Image.js";
import Static from "ol/source/ImageStatic.js";

function sourceOf(choice, imageExtent) {
  return new Static({ url: choice.dataset.overlay, imageExtent, projection: "EPSG:3857", interpolate: false });
}

export function overlay(map, data) {
  const choices = [...document.querySelectorAll("[data-overlay]")];
  if (!data.overlayBox || !choices.length) return;
  const extent = data.overlayBox.split(" ").map(Number);
  const layer = new ImageLayer({ opacity: 0.72, zIndex: 0.5 });
  const show = () => {
    const choice = choices.find((each) => each.checked) ?? choices[0];
    layer.setSource(sourceOf(choice, extent));
    document.querySelectorAll("[data-overlay-legend]").forEach((legend) => {
      legend.hidden = legend.dataset.overlayLegend !== choice.value;
    });
    map.getTargetElement().dataset.overlayShown = choice.value;
  };
  choices.forEach((each) => each.addEventListener("change", show));
  document.querySelector("[data-overlay-shown]")?.addEventListener("change", (event) => layer.setVisible(event.target.checked));
  const notice = document.createElement("p");
  notice.className = "map-estimate";
  notice.textContent = data.overlayNotice;
  map.getTargetElement().append(notice);
  map.addLayer(layer);
  show();
  map.getView().fit(extent, { padding: [24, 24, 24, 24] });
}
