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
print("bandwidth", server.average_bandwidth, server.burst_bandwidth, server.observed_bandwidth)
print("unrecognized", *(sorted(line.split(" ")[0] for line in doc.get_unrecognized_lines()) for doc in (server, extra)))
print("histories", extra.read_history_values, extra.write_history_values, extra.dir_read_history_values, extra.dir_write_history_values)
print("requests", extra.dir_v3_ips, extra.dir_v3_requests, extra.dir_v3_tunneled_dl)
print("onion-services", extra.hs_rend_cells_attr, extra.hs_dir_onions_seen_attr)
print("entries", extra.entry_ips)
print("cells", extra.cell_circuits_per_decile, extra.cell_queued_cells)
print("exit", extra.exit_kibibytes_written, extra.exit_streams_opened)
print("links", extra.conn_bi_direct_below, extra.conn_bi_direct_both)
print("padding", extra.padding_counts["read-pad"], extra.padding_counts["write-total"])
print("extra-info", extra.fingerprint, server.extra_info_digest == extra.digest())
