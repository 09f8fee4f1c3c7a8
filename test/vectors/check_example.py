#!/usr/bin/python3
"""Checks the worked example of docs/wire.md with python3-jwcrypto, as a second implementation would.

Prints one JSON object: for each profile a submission that jwcrypto sealed, for the other side to open.
"""
import base64
import hashlib
import json
import sys

from jwcrypto import jwe, jwk, jws


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def digest(text):
    return b64url(hashlib.sha256(text.encode()).digest())


def public_key(entry):
    der = base64.b64decode(entry["certificate"])
    assert b64url(hashlib.sha256(der).digest()) == entry["x5t"]
    pem = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % entry["certificate"]
    return jwk.JWK.from_pem(pem.encode())


def verify(signed, agency, typ):
    token = jws.JWS()
    token.deserialize(signed["jws"])
    token.verify(public_key(agency["authenticiteit"]))
    header = json.loads(token.objects["protected"])
    assert header == signed["header"]
    assert sorted(header) == ["alg", "typ", "x5t#S256"]
    assert header["typ"] == typ
    assert header["x5t#S256"] == agency["authenticiteit"]["x5t"]
    assert json.loads(token.payload) == signed["claims"]
    assert digest(signed["jws"]) == signed["digest"]
    return signed["claims"]


def unseal(sealed, agency, cty):
    token = jwe.JWE()
    token.deserialize(sealed["jwe"])
    token.decrypt(jwk.JWK(**agency["vertrouwelijkheid"]["privateKey"]))
    header = json.loads(token.objects["protected"])
    assert header == sealed["header"]
    assert header["cty"] == cty
    assert header["x5t#S256"] == agency["vertrouwelijkheid"]["x5t"]
    assert b64url(token.cek) == sealed["contentKey"]
    return token.payload.decode()


def reseal(profile):
    agency = profile["router"]["vertrouwelijkheid"]
    names = ("alg", "enc", "cty", "x5t#S256")
    header = {name: profile["submission"]["header"][name] for name in names}
    token = jwe.JWE(profile["message"]["jws"].encode(), json.dumps(header))
    token.add_recipient(public_key(agency))
    return token.serialize(compact=True)


def check(profile):
    sender, router, recipient = (profile[name] for name in ("sender", "router", "recipient"))
    # The router opens the submission and verifies the sender.
    text = unseal(profile["submission"], router, "ketenpost-bericht+jwt")
    assert text == profile["message"]["jws"]
    message = verify(profile["message"], sender, "ketenpost-bericht+jwt")
    # The recipient opens the delivery, verifies the sender and the router's note.
    delivery = json.loads(unseal(profile["delivery"], recipient, "ketenpost-aflevering+json"))
    assert delivery == {"bericht": profile["message"]["jws"], "routenota": profile["routeNote"]["jws"]}
    note = verify(profile["routeNote"], router, "ketenpost-routenota+jwt")
    assert note["aud"] == "urn:nld:oin:" + recipient["oin"]
    assert (note["afzender"], note["bericht"]) == (message["iss"], message["jti"])
    assert note["dig"] == digest(delivery["bericht"])
    # The sender verifies the receipt and compares the digest with its own.
    receipt = verify(profile["receipt"], recipient, "secevent+jwt")
    fact = receipt["events"]["urn:nl:ketenpost:ontvangstbewijs:v1"]
    assert receipt["aud"] == message["iss"]
    assert fact["staat"] == "afgeleverd"
    assert fact["dig"] == digest(profile["message"]["jws"])


with open(sys.argv[1], encoding="utf-8") as file:
    example = json.load(file)
for name in ("rsa", "ec"):
    check(example[name])
print(json.dumps({name: reseal(example[name]) for name in ("rsa", "ec")}))
