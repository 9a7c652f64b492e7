// A file field in the page's own words: a button, and the names of the chosen files. Without this script it is the browser's.
function button(input, words) {
  // Inside a label the whole field opens the choice already.
  const made = document.createElement(input.closest("label") ? "span" : "label");
  if (made.tagName === "LABEL") made.htmlFor = input.id;
  made.className = "button";
  made.textContent = words.chooseFile;
  return made;
}

function dress(input) {
  const words = document.body.dataset;
  const choice = document.createElement("span");
  const name = document.createElement("span");
  const tell = () => { name.textContent = [...input.files].map((file) => file.name).join("、") || words.noFile; };
  choice.className = "file-choice";
  name.className = "file-name";
  choice.append(button(input, words), name);
  input.classList.add("file-native");
  input.after(choice);
  input.addEventListener("change", tell);
  tell();
}

export function startFiles(root) {
  root.querySelectorAll("input[type=file]:not(.file-native)").forEach(dress);
}
