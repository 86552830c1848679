"""The inbox: stands where SendGrid and the phone network stand, and shows people and scripts what arrived."""
