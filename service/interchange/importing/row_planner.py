"""Decide what a row of a spreadsheet adds to a store, from the records that are known to be in it. Pure: no I/O.

The rows are the editor's own statements: the same words are the same claim, as of a claim that is posted, and each row
adds its attribution. Records that exist already are used as they are, and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.identity.claims import Span, StatedMention
from service.identity.names import folded_name, folded_names
from service.identity.statements import same_statement
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import Finding, Party
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import StatedDocument, note_address
from service.interchange.importing.claim_resolver import TOPIC, beginning, differs
from service.interchange.importing.date_order import is_possible
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.mentions import MentionPlanner
from service.interchange.importing.outcomes import ImportNote, ItemResult, Outcome
from service.interchange.importing.own_pages import OwnPages
from service.interchange.importing.plan import Plan
from service.interchange.importing.review_versions import VersionPlanner
from service.interchange.importing.sources import SourceResolver
from service.interchange.importing.stated_rows import another_claim_id, claim_id, document_of
from service.interchange.tables.row_items import SourceRow, StatedRow
from service.model.entities import Basis, Claim, Document, Mention, Reported, Source, SourceKind, Stance
from service.model.records import Attribution, ClaimPlace

_LAST = 2**63


class RowPlanner:
    """Plans a batch of rows, one after another, and adds the planned records to ``known``."""

    def __init__(self, known: KnownRecords, collectives: Collectives, now: dt.datetime) -> None:
        self.plan = Plan()
        self._known = known
        self._now = now
        self._sources = SourceResolver(known, self.plan, collectives)
        self._mentions = MentionPlanner(known, self.plan, self._sources)
        self._versions = VersionPlanner(known, self.plan, now, is_authoritative=False)

    def plan_item(self, row: StatedRow | SourceRow) -> ItemResult:
        """Plan a row and return its result, with the records that it adds."""
        before = self.plan.size
        result = self._plan_source(row) if isinstance(row, SourceRow) else self._plan_stated(row)
        return replace(result, added=self.plan.added_since(before))

    def _plan_stated(self, row: StatedRow) -> ItemResult:
        findings = list(row.warnings)
        publisher = None
        if row.review is not None:
            publisher = self._sources.resolve_publisher(row.review.publisher, findings)
        parties = self._others(row, publisher, findings)
        chain = [self._sources.resolve_claimant(party, findings) for party in parties]
        place, is_new = self._resolve_claim(row, findings)
        added = self._add_mention(row, place, parties, chain, findings)
        outcome = Outcome.CREATED if is_new else Outcome.COMPLETED if added else Outcome.UNCHANGED
        subject = f"claim:{place.id}"
        if row.review is not None and publisher is not None:
            version, verdict = self._versions.choose_version(row.review, place, publisher, findings)
            outcome = outcome if version is Outcome.UNCHANGED else version
            subject = f"verdict:{verdict.id}"
        if outcome is not Outcome.UNCHANGED:
            self.plan.touched[place.root] = None
        return ItemResult(row.place, outcome, row.url, place.id, subject, tuple(findings))

    def _others(self, row: StatedRow, publisher: Source | None, findings: list[Finding]) -> list[Party]:
        """Return the parties of the attribution without the reviewer, who does not make the claim."""
        own = set() if publisher is None else folded_names((publisher.name, *publisher.aliases))
        others = [party for party in row.chain if folded_name(party.name) not in own]
        if publisher is not None and len(others) < len(row.chain):
            message = f"{publisher.name} reviews the claim, so it is not a claimant: left out"
            findings.append(Finding(ImportNote.OWN_CLAIMANT, "claimants", message))
        return others

    def _resolve_claim(self, row: StatedRow, findings: list[Finding]) -> tuple[ClaimPlace, bool]:
        """Return the claim of a row, and whether it is new: the one with its id, else with its words."""
        known = self._known.claims
        own = known.get(row.claim_identifier or "")
        if own is not None:
            if not same_statement(own.text, row.claim):
                findings.append(differs(own.id, own.text))
            return own, False
        places = [] if row.claim_identifier else self._known.claims_with_words(row.claim)
        roots = list(dict.fromkeys(place.root for place in places))
        if len(roots) > 1:
            others = ", ".join(roots[1:])
            message = f"{len(roots)} claims have these words: {roots[0]}, the earliest, is used; also {others}"
            findings.append(Finding(ImportNote.AMBIGUOUS_CLAIM, "claim", message))
        if places:
            return places[0], False
        own_id = claim_id(row)
        made = known.get(own_id)
        if made is not None and stable_ids.folded(made.text) != stable_ids.folded(row.claim):
            # Its text was edited since: it stays the claim of the words that its id was made of.
            findings.append(differs(made.id, made.text))
            return made, False
        return self._add_claim(row, own_id if made is None else another_claim_id(row))

    def _add_claim(self, row: StatedRow, own_id: str) -> tuple[ClaimPlace, bool]:
        found = self._known.claims.get(own_id)
        if found is not None:
            return found, False
        details = row.details
        claim = Claim(
            own_id,
            row.claim,
            details.subject or beginning(row.claim),
            details.quantity,
            place=details.place,
            topics=details.topics or (TOPIC,),
        )
        self.plan.claims.append(claim)
        place = ClaimPlace(own_id, row.claim, own_id, 1, _LAST)
        self._known.add_claim(place)
        return place, True

    def _add_mention(
        self,
        row: StatedRow,
        place: ClaimPlace,
        parties: Sequence[Party],
        chain: Sequence[Source],
        findings: list[Finding],
    ) -> bool:
        """Plan the mention of a row, unless it is known. Return whether it is new."""
        stated = document_of(replace(row, chain=tuple(parties)), place.id)
        if stated is None or self._is_own_page(row, stated, findings):
            return False
        note_address(stated.url, None, findings)
        document = self._mentions.resolve_document(self._with_possible_date(stated, findings), findings)
        ids = tuple(dict.fromkeys(source.id for source in chain))
        attribution = Attribution(place.root, document.id, row.stance, ids, stands=True)
        same = [each for each in self._attributions(place, document) if each.stance is row.stance and each.chain == ids]
        if same:
            if not any(each.stands for each in same):
                message = f"the mention in {document.id} was withdrawn here: it stays withdrawn"
                findings.append(Finding(ImportNote.KEPT_BY_PERSON, "appearances", message))
            return False
        self._known.attributions.setdefault((place.root, document.id), []).append(attribution)
        self._known.mentions[place.root, document.id] = True
        published = Span(document.published_earliest, document.published_latest)
        mention = StatedMention(place.root, row.stance is Stance.SUPPORTS, ids, published)
        self._known.mentioned.setdefault(place.root, []).append(mention)
        unidentified = any(self._sources.is_unidentified(party) for party in parties)
        basis = Basis.INFERRED if unidentified else Basis.EXPLICIT
        stance = () if row.stance is Stance.SUPPORTS else (row.stance,)
        self.plan.mentions.append(
            Mention(
                stable_ids.mention_id(place.root, document.id, (*ids, *stance)),
                place.root,
                document.id,
                row.stance,
                ids,
                basis if ids else None,
                reported=None if row.reported is None else Reported(text=row.reported),
            )
        )
        return True

    def _attributions(self, place: ClaimPlace, document: Document) -> list[Attribution]:
        """Return the mentions of a claim in a document, with the sources that theirs were merged into."""
        return [
            replace(each, chain=tuple(dict.fromkeys(self._known.current_source(name) for name in each.chain)))
            for each in self._known.attributions.get((place.root, document.id), ())
        ]

    def _is_own_page(self, row: StatedRow, stated: StatedDocument, findings: list[Finding]) -> bool:
        review = row.review
        if review is None or stated.url is None:
            return False
        if stated.url not in OwnPages(review.url, review.publisher.url, review.publisher.site):
            return False
        message = f"{stated.url} is a page of the reviewer's own, which is no appearance of the claim: left out"
        findings.append(Finding(ImportNote.OWN_PAGE, "appearances", message))
        return True

    def _with_possible_date(self, stated: StatedDocument, findings: list[Finding]) -> StatedDocument:
        days = stated.published
        if days is None or is_possible(days, self._now):
            return stated
        findings.append(Finding(ImportNote.FUTURE_DATE, "appearances", f"{days.earliest} is in the future: left out"))
        return replace(stated, published=None)

    def _plan_source(self, row: SourceRow) -> ItemResult:
        findings = list(row.warnings)
        found = self._sources.find_claimant(row.party, findings)
        outcome = Outcome.UNCHANGED
        if found is None:
            found = self._add_source(row, findings)
            outcome = Outcome.CREATED
        else:
            findings += _differences(found, row)
        return ItemResult(row.place, outcome, row.url, None, f"source:{found.id}", tuple(findings))

    def _add_source(self, row: SourceRow, findings: list[Finding]) -> Source:
        whole = None if row.party.part_of is None else self._sources.resolve_claimant(row.party.part_of, findings).id
        own_id = stable_ids.claimant_id(row.party.name)
        return self._sources.add(
            Source(
                own_id,
                row.party.name,
                row.kind,
                row.country,
                None if whole == own_id else whole,
                aliases=tuple(sorted(row.aliases)),
                url=self._sources.own_address(row.party),
            )
        )


def _differences(source: Source, row: SourceRow) -> list[Finding]:
    """Return a finding if a known source differs from its row."""
    given: dict[str, object] = {"kind": row.kind, "country": row.country, "url": row.party.url}
    given["aliases"] = tuple(sorted({*row.aliases} - {source.name, *source.aliases}))
    other = [
        name for name, value in given.items() if value not in (None, (), SourceKind.UNSPECIFIED, getattr(source, name))
    ]
    if not other:
        return []
    message = f"{source.id} is here already, with other values of {', '.join(other)}: an import changes no source"
    return [Finding(ImportNote.SOURCE_KEPT, "source", message)]
