// What goes wrong on a page, and how often it came out of the browser's cache, over all pages of a tab.
(() => {
  const note = (what) => { sessionStorage.problems = JSON.stringify([...JSON.parse(sessionStorage.problems ?? '[]'), String(what)]); };
  for (const name of ['error', 'warn']) {
    const real = console[name];
    console[name] = (...said) => { note(said.join(' ')); real.apply(console, said); };
  }
  addEventListener('error', ({ message }) => note(message));
  addEventListener('unhandledrejection', ({ reason }) => note(reason));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => note(`${violatedDirective} ${blockedURI}`));
  addEventListener('pageshow', ({ persisted }) => { sessionStorage.kept = Number(sessionStorage.kept ?? 0) + Number(persisted); });
})();
