// Choosing in a list of a filter form filters at once; the button stays for those who type.
export function startFilters(root) {
  root.addEventListener("change", (event) => {
    if (event.target.matches("form[data-live] select")) event.target.form.requestSubmit();
  });
}
