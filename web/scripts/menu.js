// A long menu scrolls by itself: the line of this page is brought into sight.
export function startMenu(root) {
  const line = root.querySelector("#menu [aria-current]");
  const menu = line?.closest("#menu");
  if (menu && line.offsetTop + line.offsetHeight > menu.clientHeight) menu.scrollTop = line.offsetTop - menu.clientHeight / 2;
}
