"""Draw the pictures of the README from the site of the last `make run`: `make pictures`.

They show the first screen of a page as somebody sees it on the day of the release, so that the same
release gives the same picture.
"""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import sync_playwright

from pipelines.publish import published_release
from pipelines.settings import PROJECT_DIR

HOME = PROJECT_DIR / "warehouse"
PICTURES = PROJECT_DIR / "docs" / "pictures"
# A page, and how much of it.
SCREENS = {"overview": 900, "milestones": 720}
WIDTH = 1280
BROWSERS = ("chromium", "chromium-browser", "chrome")


def main() -> None:
    """Draw every picture anew."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"no browser is installed, expected one of {', '.join(BROWSERS)}")
    release = published_release(HOME)
    if release is None or not (HOME / "site").exists():
        sys.exit(f"{HOME} has no release with a site: `make run` makes both")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, height in SCREENS.items():
            context = launched.new_context(
                viewport={"width": WIDTH, "height": height},
                locale="en-US",
                timezone_id="UTC",
                color_scheme="light",
                offline=True,
            )
            page = context.new_page()
            page.clock.set_fixed_time(release.as_of_at)
            page.goto((HOME / "site" / f"{name}.html").resolve().as_uri())
            page.wait_for_load_state("load")
            page.screenshot(path=PICTURES / f"{name}.png")
            context.close()
            print(PICTURES / f"{name}.png")
        launched.close()


if __name__ == "__main__":
    main()
