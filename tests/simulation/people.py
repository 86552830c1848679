"""Who the stories are about: customers in each language, and those who gave their word."""

from typing import Any

GEMMA: dict[str, Any] = {
    "ref": "c-99",
    "name": "Gemma",
    "email": "g@example.com",
    "phone": "+34600000000",
    "locale": "es",
    "time_zone": "Europe/Madrid",
    "channels": ["email", "sms"],
}
CARLA: dict[str, Any] = {
    "ref": "c-7",
    "name": "Carla",
    "email": "carla@example.com",
    "phone": "+5511900000000",
    "locale": "pt-BR",
    "time_zone": "America/Sao_Paulo",
    "channels": ["email", "sms"],
}
INES: dict[str, Any] = {
    "ref": "c-8",
    "name": "Inês",
    "email": "ines@example.com",
    "phone": "+351910000000",
    "locale": "pt-PT",
    "time_zone": "Europe/Lisbon",
    "channels": ["email", "sms"],
}
ANA: dict[str, Any] = {"ref": "agent-7", "name": "Ana", "team": "soporte"}
# Who has an address is asked ahead of the due time.
MARTA: dict[str, Any] = {"ref": "agent-8", "name": "Marta", "team": "soporte", "email": "marta@shop.example"}
