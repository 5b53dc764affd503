#!/usr/bin/env bash
# email-reply-parser 0.5.12: an approval by mail is without what it depends on: the list of changes is a signature.
# Approvers answer by mail, and the library hands over what they wrote, without the quoted mail and the signature.
# "Approved, but only if" is followed by two lines, -legal agrees and -the price is removed. One would expect them in
# the reply, as "- legal agrees" with a space is. Seen: what begins with a dash and a letter is taken for a signature,
# and hidden with all that follows it up to the quoted mail, "Not approved without it." included. A line of "From: 10
# March" ends the reply as well, as if another mail were quoted. What is kept reads as an approval.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check email-reply-parser==0.5.12
env/bin/python - <<'PYTHON'
from email_reply_parser import EmailReplyParser

QUOTED = "\n\nOn Mon, Mar 2, 2026 at 9:00 AM Lee <lee@shop.example> wrote:\n> Please approve the spring mailing.\n"
ANSWERS = {
    "spaces": "Approved, but only if\n\n- legal agrees\n- the price is removed\n\nNot approved without it.",
    "none": "Approved, but only if\n\n-legal agrees\n-the price is removed\n\nNot approved without it.",
    "from": "Approved for these days:\n\nFrom: 10 March\nTo: 12 March\n\nNot approved before.",
}
kept = {name: EmailReplyParser.parse_reply(answer + QUOTED) for name, answer in ANSWERS.items()}
for name, answer in ANSWERS.items():
    print(repr(answer), "is read as", repr(kept[name]))
assert kept["spaces"] == ANSWERS["spaces"]
assert kept["none"] == "Approved, but only if"
assert kept["from"] == "Approved for these days:"
PYTHON
