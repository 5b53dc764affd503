"""What leaves the warehouse for people: messages, each queued once and sent once.

A notice is one thing that somebody has to know, under a key that stays the same in every later run.
What is new of them goes out as one message a recipient, through the table ops.outbox: whoever is
killed between sending and noting it leaves a row that says so.
"""

from pipelines.outbox.channels import (
    Channel,
    FileChannel,
    Message,
    NotDeliveredError,
    SmtpChannel,
    UnconfirmedError,
    WebhookChannel,
    channels_of,
)
from pipelines.outbox.notices import Notice, notices_of_release, notices_of_run
from pipelines.outbox.queue import Delivery, deliver, queue, send_again
from pipelines.outbox.tell import company_channels, tell

__all__ = [
    "Channel",
    "Delivery",
    "FileChannel",
    "Message",
    "NotDeliveredError",
    "Notice",
    "SmtpChannel",
    "UnconfirmedError",
    "WebhookChannel",
    "channels_of",
    "company_channels",
    "deliver",
    "notices_of_release",
    "notices_of_run",
    "queue",
    "send_again",
    "tell",
]
