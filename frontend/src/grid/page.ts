/** One page of rows from our API. */
interface Wanted {
  page?: number;
  size?: number;
  sort?: { field: string; dir: "asc" | "desc" }[];
}

/** The server cuts long pages by itself, so pages are counted by what it really sends. */
export async function askPage(url: string, _: unknown, wanted: Wanted): Promise<{ data: object[]; last_page: number }> {
  const address = new URL(url, location.origin);
  const size = wanted.size ?? 1;
  address.searchParams.set("page", String(wanted.page ?? 1));
  address.searchParams.set("page_size", String(size));
  const [sort] = wanted.sort ?? [];
  if (sort) address.searchParams.set("sort", sort.dir === "desc" ? `-${sort.field}` : sort.field);
  const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`rows: ${answer.status}`);
  const { items, count } = (await answer.json()) as { items: object[]; count: number };
  const cut = items.length && items.length < size && count > items.length && (wanted.page ?? 1) === 1;
  return { data: items, last_page: Math.max(1, Math.ceil(count / (cut ? items.length : size))) };
}
