// Keeps the page up to date: the coordinator sends each section that changed, ready to be shown.
const lost = document.getElementById("lost");
let ended = false;
const events = new EventSource("events");
events.addEventListener("update", message => {
  lost.hidden = true;
  for (const [id, html] of Object.entries(JSON.parse(message.data))) {
    const section = document.getElementById(id);
    const active = document.activeElement;
    if (active !== section && section.contains(active)) continue;
    section.innerHTML = html;
  }
});
events.addEventListener("end", () => { ended = true; events.close(); });
events.onerror = () => { lost.hidden = ended; };
