#!/usr/bin/env bash
# crawlerdetect 0.4.2: an open in Outlook is a crawler's, or a person's, by the form of its user agent.
# Outlook for Windows loads a mail's images itself and names itself in one of two forms; either is a person who reads.
# One would expect neither to be a crawler. Seen: "Microsoft Office/16.0 (…Microsoft Outlook…)" is one, as is whoever
# reads at Gmail, whose images come by a proxy when the mail is opened; "…ms-office; MSOffice 16)" is none. Opens
# "without crawlers" are opens without these readers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check crawlerdetect==0.4.2
env/bin/python - <<'PYTHON'
from crawlerdetect import CrawlerDetect

AGENTS = {
    "Outlook": "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
    "Outlook, the other form": (
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; "
        "ms-office; MSOffice 16)"
    ),
    "Gmail": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
}
crawlers = {name: CrawlerDetect().isCrawler(text) for name, text in AGENTS.items()}
print(crawlers)
assert crawlers == {"Outlook": True, "Outlook, the other form": False, "Gmail": True}
PYTHON
