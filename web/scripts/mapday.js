// The day of the map on a slider: layers are asked for anew, the page around stays; arrow keys go day by day.
import { tileUrl } from "./maplayers.js";

const DAY_MS = 86_400_000;
const REST_MS = 250;

export function daySlider(data, layers) {
  const slider = document.querySelector("[data-map-slider]");
  if (!slider) return;
  const first = Date.parse(slider.dataset.first);
  const told = document.querySelectorAll("[data-map-day]");
  let waiting;
  const dayOf = () => new Date(first + slider.valueAsNumber * DAY_MS).toISOString().slice(0, 10);
  const show = () => {
    for (const [name, layer] of Object.entries(layers)) {
      if (name !== "regions") layer.getSource().setUrl(tileUrl(name, data));
    }
  };
  slider.addEventListener("input", () => {
    data.on = dayOf();
    slider.setAttribute("aria-valuetext", data.on);
    told.forEach((each) => { each.textContent = data.on; });
    clearTimeout(waiting);
    waiting = setTimeout(show, REST_MS);
  });
}
