"""Everything that is said to customers, by name: the one door into this package."""

from chalicelib.messages.gsm import segments
from chalicelib.messages.locales import resolve, supported
from chalicelib.messages.mail import email
from chalicelib.messages.page import CSP, dead_link_page, promise_page
from chalicelib.messages.sms import sms

__all__ = ["CSP", "dead_link_page", "email", "promise_page", "resolve", "segments", "sms", "supported"]
