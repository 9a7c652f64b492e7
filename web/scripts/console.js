// What the pages need beyond plain HTML: htmx for fragments, keys, rows that open, the drop field.
import htmx from "htmx.org";
import { startKeys } from "./keys.js";
import { startRows } from "./rows.js";
import { startDrops } from "./drops.js";
import { startDays } from "./days.js";
import { startFiles } from "./files.js";
import { startFilters } from "./filters.js";
import { startMenu } from "./menu.js";
import { startChosen } from "./chosen.js";

window.htmx = htmx;
startKeys(document);
startRows(document);
startDrops(document);
startFilters(document);
startChosen(document);
htmx.onLoad(startDays);
htmx.onLoad(startFiles);
startMenu(document);
document.documentElement.dataset.ready = "1";
