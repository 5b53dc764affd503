#!/usr/bin/env bash
# user-agents 2.2.0 with ua-parser 1.0.2 (ua-parser-builtins 202610): who reads mail at Yahoo is a bot, Applebot is not.
# Gmail and Yahoo Mail fetch a mail's images by a proxy as its reader opens it: two opens, and one would expect them to
# be judged alike. Applebot and Bytespider are crawlers by their own word, known to the parser by name; one would expect
# is_bot. Seen: is_bot asks for the device "Spider" alone. The reader at Yahoo is one, the reader at Gmail has a PC,
# Applebot a Mac and Bytespider a phone, since another pattern has matched there first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    user-agents==2.2.0 ua-parser==1.0.2 ua-parser-builtins==202610
env/bin/python - <<'PYTHON'
from user_agents import parse

AGENTS = {
    "reader at Gmail": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "reader at Yahoo": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Applebot": (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"
    ),
    "Bytespider": (
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 "
        "(compatible; Bytespider; spider-feedback@bytedance.com)"
    ),
}
judged = {name: parse(text) for name, text in AGENTS.items()}
print(*(f"{name}: {agent}, is_bot {agent.is_bot}" for name, agent in judged.items()), sep="\n")
assert [name for name, agent in judged.items() if agent.is_bot] == ["reader at Yahoo", "Googlebot"]
assert [agent.browser.family for agent in judged.values()][3:] == ["Applebot", "Bytespider"]
PYTHON
