"""The carrier of the demonstration's past: it takes every letter and brings it to nobody."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class PastMail(BaseEmailBackend):
    """Takes letters without sending them, except to addresses that refuse, as a full mailbox would."""

    def __init__(self, refusing: Sequence[str] = ()) -> None:
        super().__init__()
        self._refusing = frozenset(refusing)
        self.refused = 0

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if self._refusing & set(message.to):
                self.refused += 1
                answer = (552, b"5.2.2 Mailbox full")
                raise smtplib.SMTPRecipientsRefused(dict.fromkeys(message.to, answer))
        return len(email_messages)
