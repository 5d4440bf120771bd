/// Links: TLS, the link handshake, cells on the wire, circuit ids, queues per circuit and who may send next. Called
/// by `circuit` (through [Links], [Link] and [CircuitPort]) and wired by `instance`; tells `circuit` what arrives
/// through [CreateHandler] and [CellReceiver]. Everything of one instance's links runs on that instance's loop.
/// Obeys tor-spec sections 2 to 4 ("Connections", "Cell packet format", "Negotiating and initializing connections")
/// and, for certificates, cert-spec section 2.
@NullMarked
package sallyport.engine.link;

import org.jspecify.annotations.NullMarked;
