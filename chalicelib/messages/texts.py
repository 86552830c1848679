"""Everything that is said to customers and promisers, by name: the one door into this package."""

from chalicelib.messages.call_script import call_script
from chalicelib.messages.gsm import segments
from chalicelib.messages.locales import resolve, supported
from chalicelib.messages.mail import email
from chalicelib.messages.page import promise_page
from chalicelib.messages.page_check_in import check_in_page
from chalicelib.messages.page_claim import claim_page
from chalicelib.messages.page_report import REPORT_CSP, report_key_page, report_page
from chalicelib.messages.pages import CSP, dead_link_page, unavailable_page
from chalicelib.messages.sms import sms

__all__ = [
    "CSP",
    "REPORT_CSP",
    "call_script",
    "check_in_page",
    "claim_page",
    "dead_link_page",
    "email",
    "promise_page",
    "report_key_page",
    "report_page",
    "resolve",
    "segments",
    "sms",
    "supported",
    "unavailable_page",
]
