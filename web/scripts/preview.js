// What a form would bring about, asked of the server as far as it is filled in; the last question wins.
let asked = 0;

// The surfaces to show, null where there are none, undefined when a later question has overtaken this one.
export async function preview(box, form, hasAnswer) {
  const number = ++asked;
  if (!hasAnswer) {
    box.replaceChildren();
    return null;
  }
  const said = new FormData(form);
  said.append("preview", "1");
  const reply = await fetch(form.action || location.href, { method: "POST", body: said, credentials: "same-origin" });
  if (number !== asked) return undefined;
  if (!reply.ok) return null;
  box.innerHTML = await reply.text();
  return box.querySelector("[data-shapes]")?.dataset.shapes || null;
}
