// Puts Moment's columns into the default view of every library that has them. To be run in a browser's console (F12)
// on a page of the site, by somebody who may edit views there: the browser's own sign-in is used. Harmless to repeat.
// https://learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference/dn531433(v=office.15)
(async () => {
  const site = "SITE";
  const columns = ["COLUMNS"];
  const ask = async (method, path, headers = {}) => {
    const accept = { Accept: "application/json;odata=nometadata" };
    const answer = await fetch(`${site}/_api/${path}`, { method, headers: { ...accept, ...headers } });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? {} : answer.json();
  };
  const digest = (await ask("POST", "contextinfo")).FormDigestValue;
  const libraries = await ask("GET", "web/lists?$filter=BaseTemplate eq 101 and Hidden eq false&$select=Id,Title&$top=5000");
  for (const { Id, Title } of libraries.value) {
    const list = `web/lists(guid'${Id}')`;
    const own = await ask("GET", `${list}/fields?$filter=startswith(InternalName,'moment')&$select=InternalName`);
    const shown = (await ask("GET", `${list}/DefaultView/ViewFields`)).Items;
    const missing = columns.filter((name) => own.value.some((field) => field.InternalName === name) && !shown.includes(name));
    for (const name of missing) {
      await ask("POST", `${list}/DefaultView/ViewFields/addviewfield('${name}')`, { "X-RequestDigest": digest });
    }
    console.log(`${Title}: ${missing.length ? `added ${missing.join(", ")}` : "nothing to add"}`);
  }
})();
