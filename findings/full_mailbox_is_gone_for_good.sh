#!/usr/bin/env bash
# flufl.bounce 6.0.0: a full mailbox is a permanent failure.
# The library tells temporary from permanent failures. A delivery status has a code whose first digit says which it is:
# by RFC 3463 a 4 is a "persistent transient failure", whatever the server has given up, and a 5 a permanent one. One
# would expect 4.2.2, mailbox full, among the temporary ones. Seen: the code is not read; "failed" is permanent and
# "delayed" temporary. Readers whose mailbox was full for some days are suppressed as hard bounces, like those of 5.1.1
# who do not exist.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flufl.bounce==6.0.0
env/bin/python - <<'PYTHON'
from email import message_from_string

from flufl.bounce import all_failures

BOUNCE = """\
From: MAILER-DAEMON@mx.example.com
To: bounces@example.com
Subject: Delivery Status Notification
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

Your mail could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; kim@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnosis}

--part
Content-Type: message/rfc822

From: news@example.com
To: kim@example.org
Subject: Spring

Spring is here.
--part--
"""


def kind(action: str, status: str, diagnosis: str) -> str:
    message = message_from_string(BOUNCE.format(action=action, status=status, diagnosis=diagnosis))
    temporary, permanent = all_failures(message)
    found = {"temporary": temporary, "permanent": permanent}
    (name,) = (name for name, addresses in found.items() if addresses == {b"kim@example.org"})
    print(action, status, diagnosis, "->", name)
    return name


assert kind("failed", "5.1.1", "550 5.1.1 no such user") == "permanent"
assert kind("failed", "4.2.2", "452 4.2.2 mailbox full") == "permanent"
assert kind("delayed", "4.2.2", "452 4.2.2 mailbox full") == "temporary"
PYTHON
