// @ts-check
// A page of one answer: printed, or passed on by its address.
const tools = document.querySelector('.tools');
const done = document.getElementById('done');
const copy = document.getElementById('copy');

if (tools) tools.removeAttribute('hidden');
document.getElementById('print')?.addEventListener('click', () => window.print());
copy?.addEventListener('click', async () => {
  await navigator.clipboard?.writeText(location.href);
  if (done) done.textContent = copy.dataset.done ?? '';
});
