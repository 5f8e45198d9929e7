// What the page does better with a script: it shows times where you are, and what others do while you look.

const EVERY_MS = 2500;

function showLocalTimes(root) {
  const day = { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  for (const each of root.querySelectorAll("time")) {
    const when = new Date(each.dateTime);
    const year = when.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
    each.textContent = when.toLocaleString(undefined, { ...day, ...year });
  }
}

async function refreshRows() {
  const rows = document.getElementById("rows");
  if (!rows || document.hidden || rows.contains(document.activeElement)) return;
  const answer = await fetch(rows.dataset.watch);
  if (!answer.ok || (await answer.text()) === rows.dataset.stamp) return;
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("rows");
  if (!page.ok || !fresh || !rows.isConnected) return;
  showLocalTimes(fresh);
  rows.replaceWith(fresh);
}

async function watch() {
  try {
    await refreshRows();
  } catch {
    // The server was stopped or starts again: the next look will tell.
  }
  setTimeout(watch, EVERY_MS);
}

function takeDroppedFiles() {
  const input = document.getElementById("files");
  if (!input) return;
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    document.getElementById("do-upload").open = true;
    input.files = event.dataTransfer.files;
    input.focus();
  });
}

function forgetWhatWasDone() {
  const address = new URL(location.href);
  for (const each of ["done", "do"]) address.searchParams.delete(each);
  if (address.href !== location.href) history.replaceState(null, "", address);
}

showLocalTimes(document);
takeDroppedFiles();
forgetWhatWasDone();
document.getElementById("details")?.focus();
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.closest("input, textarea, select")) document.getElementById("close")?.click();
});
setTimeout(watch, EVERY_MS);
