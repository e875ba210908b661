// Who gets at a room: an invitation that was just made is shown once, and can be copied.
const made = document.getElementById("invited");

document.addEventListener("link-made", ({ detail }) => {
  made.querySelector("a[data-copy]").href = detail;
  const field = made.querySelector("input");
  field.value = new URL(detail, location.href).href;
  field.hidden = false;
  made.hidden = false;
  field.focus();
  field.select();
});
