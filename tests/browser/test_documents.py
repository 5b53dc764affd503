"""The project's documentation beside the site, from disk and with the network off."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from pipelines.settings import Settings
from pipelines.site.documents import build_documents
from tests.browser.test_site import CHROMIUM, FLAGS

pytest.importorskip("dbt_colibri", reason="the extra docs is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]


def test_both_pages_show_the_project_and_fetch_nothing(tmp_path: Path) -> None:
    documents = build_documents(Settings(tmp_path, tmp_path / "home"))
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_context(offline=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        described, traced = documents.pages
        page.goto(f"file://{described}#!/model/model.throughline.fct_milestones")
        page.get_by_text("milestone_id").first.wait_for(state="attached", timeout=60_000)
        page.goto(f"file://{traced}")
        page.get_by_text("throughline").first.wait_for(timeout=60_000)
        edges = page.evaluate("colibriData.lineage.edges")
        browser.close()
    assert [url for url in asked if url.split(":")[0] not in ("file", "data", "blob")] == []
    # A column is followed to the one that it is made of, also through a union.
    assert documents.unfollowed == ()
    for relation in ("fct_milestones", "int_tasks_unioned"):
        assert any(
            edge["target"] == f"model.throughline.{relation}" and edge["sourceColumn"]
            for edge in edges
        ), relation
