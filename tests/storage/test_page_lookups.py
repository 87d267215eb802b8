"""Looking up the documents of pages walks indexes, however many documents there are."""

from __future__ import annotations

from service.config import Settings
from service.identity.web_addresses import document_key
from service.model.entities import Document
from service.storage.database import Database
from service.store import Store
from tests.storage.recorded_queries import SORT, Recorder, findings


def test_no_look_up_of_a_page_scans_a_table_or_sorts(store: Store, settings: Settings) -> None:
    urls = ("https://post.example/p/1", "http://post.example/p/1", "https://post.example/p/2")
    with store.write():
        documents = [Document(f"d-{number}", url=url) for number, url in enumerate(urls)]
        documents.append(Document("merged", merged_into="d-0", derived_from="d-2", url="https://post.example/print"))
        store.evidence_writes.insert_documents(documents, 0)
    database = Database(settings)
    recorder = Recorder(database)
    other = Store(database)
    keys = [key for url in (*urls, "https://post.example/print") if (key := document_key(url)) is not None]

    assert len(other.imports.documents_called(["d-2"], keys)) == 4
    roots = other.page_identity.roots_of_pages(keys)
    assert {page: [root.public_id for root in found] for page, found in roots.items()} == {
        "post.example/p/1": ["d-0", "d-1"],
        "post.example/p/2": ["d-2"],
        "post.example/print": ["d-0"],
    }
    assert other.page_identity.with_several_documents("", 10) == ["post.example/p/1"]
    assert other.page_identity.with_several_documents("post.example/p/1", 10) == []
    assert other.evidence.derivatives(["d-0", "d-2"]) == ["d-0", "d-2", "merged"]
    assert other.evidence.copies_from(["nobody"]) == []
    faults = {(finding.method, finding.kind): plan for finding, plan in findings(database, recorder.statements())}
    # Derived documents are few, and given in the order of their ids.
    assert set(faults) <= {("EvidenceQueries.derivatives", SORT), ("EvidenceQueries.copies_from", SORT)}, faults
    database.close()
