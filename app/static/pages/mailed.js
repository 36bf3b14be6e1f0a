// Carries out what a link in a mail is for; a file of its own, since the page's policy allows no inline script.
const form = document.getElementById("mailed");
const told = document.getElementById("told");

async function carryOut() {
  const body = Object.fromEntries(new FormData(form));
  body.token = decodeURIComponent(location.pathname.split("/").pop());
  const answer = await fetch(form.dataset.call, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) {
    form.remove();
    document.getElementById("onward").hidden = false;
    return told.dataset.done;
  }
  if (answer.status === 404) return told.dataset.over;
  const problem = await answer.json();
  return Object.values(problem.errors ?? {}).flat().join(" ") || problem.detail;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = await carryOut().catch(() => "The server cannot be reached; try again.");
});
