// Days are written as they are kept, 2021-10-08, whatever language the browser speaks; its calendar is one button away.
// Without this script the browser's own field is there.
function calendarOf(field) {
  const calendar = field.cloneNode();
  for (const name of ["id", "name", "required", "aria-describedby"]) calendar.removeAttribute(name);
  calendar.className = "day-calendar";
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  calendar.addEventListener("change", () => {
    field.value = calendar.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return calendar;
}

function opener(field, calendar, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "day-open";
  button.setAttribute("aria-label", words.chooseDay);
  button.addEventListener("click", () => {
    calendar.value = field.value;
    calendar.showPicker();
  });
  return button;
}

function dress(field) {
  const words = document.body.dataset;
  const calendar = calendarOf(field);
  const box = document.createElement("span");
  box.className = "day";
  field.type = "text";
  Object.assign(field, { pattern: "\\d{4}-\\d{2}-\\d{2}", maxLength: 10, inputMode: "numeric", autocomplete: "off" });
  field.title = words.dayForm;
  field.replaceWith(box);
  box.append(field, opener(field, calendar, words), calendar);
}

export function startDays(root) {
  root.querySelectorAll("input[type=date]:not(.day-calendar)").forEach(dress);
}
