"""Reads a server descriptor and an extra-info document with stem, which checks digests, signatures and certificates.

Arguments: the files of both. Prints what the test wants to know; ends with an error for anything stem does not like.
"""
import sys

import stem.prereq
from stem.descriptor.extrainfo_descriptor import RelayExtraInfoDescriptor
from stem.descriptor.server_descriptor import RelayDescriptor

if not stem.prereq.is_crypto_available(ed25519=True):
    sys.exit("python3-cryptography is missing: without it stem checks no signature")

with open(sys.argv[1], "rb") as file:
    server = RelayDescriptor(file.read(), validate=True)
with open(sys.argv[2], "rb") as file:
    extra = RelayExtraInfoDescriptor(file.read(), validate=True)

print("fingerprint", server.fingerprint)
print("nickname", server.nickname)
print("address", server.address, server.or_port, server.or_addresses)
print("published", server.published)
print("operating-system", server.operating_system)
print("protocols", " ".join("%s=%s" % (name, ",".join(map(str, versions))) for name, versions in sorted(server.protocols.items())))
print("exit-policy", server.exit_policy)
print("ed25519", server.ed25519_master_key)
print("certificate-key", server.certificate.key.hex())
print("contact", server.contact.decode("utf-8") if isinstance(server.contact, bytes) else server.contact)
print("unrecognized", server.get_unrecognized_lines(), extra.get_unrecognized_lines())
print("extra-info", extra.fingerprint, server.extra_info_digest == extra.digest())
