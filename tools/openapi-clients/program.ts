// What a frontend does with the API, through types generated from openapi.yaml: api.ts is made by the test.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

type Claim = components["schemas"]["Claim"];
type Problem = components["schemas"]["Problem"];

const [, , url = "", key = ""] = process.argv;
// A claim also comes as JSON-LD: this client reads the plain JSON, which is what it gets unless it asks otherwise.
type Media = "application/json" | "application/problem+json";
const reader = createClient<paths, Media>({ baseUrl: url });
const editor = createClient<paths, Media>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

function refused(problem: Problem): never {
  throw new Error(`${problem.code}: ${problem.detail}`);
}

async function contested(): Promise<Claim[]> {
  const claims: Claim[] = [];
  let cursor: string | undefined;
  do {
    const query = { status: "contested" as const, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const { data, error } = await reader.GET("/v1/claims", { params: { query } });
    if (data === undefined) return refused(error);
    claims.push(...data.data);
    cursor = data.next === null ? undefined : (new URL(data.next, url).searchParams.get("cursor") ?? undefined);
  } while (cursor !== undefined);
  return claims;
}

async function mentions(id: string): Promise<string[]> {
  const path = { claim_id: id };
  const { data } = await reader.GET("/v1/claims/{claim_id}", { params: { path, query: { include: "mentions" } } });
  return (data?.included?.mentions ?? []).map((mention) => {
    const low: number | null | undefined = mention.reported?.quantity?.low;
    return [mention.stance, mention.origin ?? "nobody", mention.basis ?? "none", low ?? "as stated"].join(" ");
  });
}

async function problem(id: string): Promise<Problem | undefined> {
  const { error, response } = await reader.GET("/v1/claims/{claim_id}", { params: { path: { claim_id: id } } });
  // A redirect is the other shape that is no success: fetch has followed it.
  return response.status === 404 && error !== undefined && "code" in error ? error : undefined;
}

async function written(): Promise<object> {
  const body: components["schemas"]["ClaimBody"] = {
    text: "Twelve ships lay at the pier.",
    subject: "ships",
    topics: ["harbour"],
    quantity: { low: 12, unit: "ships" },
  };
  const header = { "Idempotency-Key": "twelve-ships" };
  const created = await editor.POST("/v1/claims", { body, params: { header } });
  const again = await editor.POST("/v1/claims", { body, params: { header } });
  if (created.data === undefined) throw new Error("not created");
  const path = { claim_id: created.data.id };
  const changed = await editor.PATCH("/v1/claims/{claim_id}", {
    params: { path, header: { "If-Match": created.response.headers.get("ETag") ?? "" } },
    body: { note: "Seen from the pier." },
  });
  const judged = await editor.POST("/v1/claims/{claim_id}/verdicts", {
    params: { path },
    body: { claim_version: 1, rating: "supported", evidence: [{ url: "https://example.org/ships" }] },
  });
  return {
    quantity: created.data.quantity,
    same: again.data?.id === created.data.id,
    replayed: again.response.headers.get("Idempotency-Replayed"),
    note: changed.data?.note,
    rating: judged.data?.rating,
    refused: judged.error === undefined ? null : judged.error,
  };
}

// What the types must not let through: a line here that is no error is one.
export const wrong = [
  // @ts-expect-error there is no such status
  () => reader.GET("/v1/claims", { params: { query: { status: "disputed" } } }),
  // @ts-expect-error the id is missing
  () => reader.GET("/v1/claims/{claim_id}", {}),
  // @ts-expect-error a change names what it was made from
  () => editor.PATCH("/v1/claims/{claim_id}", { params: { path: { claim_id: "a" } }, body: { note: "b" } }),
  // @ts-expect-error a claim needs a text
  () => editor.POST("/v1/claims", { body: { subject: "ships", topics: ["harbour"] } }),
  // @ts-expect-error nothing is called that
  (claim: Claim) => claim.origins,
  // @ts-expect-error it may be null
  (claim: Claim) => claim.note.length,
  // @ts-expect-error a number may have an open end
  (claim: Claim) => (claim.quantity ? claim.quantity.high.toFixed() : ""),
];

const claims = await contested();
console.log(
  JSON.stringify({
    contested: claims.map((claim) => [claim.id, claim.corroboration.origins.at_most]),
    mentions: await mentions("nk-15000-workers-in-russia"),
    problem: await problem("none-such"),
    written: await written(),
  }),
);
