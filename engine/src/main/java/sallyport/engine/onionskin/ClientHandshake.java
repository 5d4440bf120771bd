package sallyport.engine.onionskin;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Create2Body;

/// A client's half of a handshake with one hop: the onion skin it sends, and what it makes of the answer.
/// Made on a worker, kept until the answer comes, finished on a worker, once.
public sealed interface ClientHandshake {
    /// What both ends agreed on.
    ///
    /// @param secrets the receiver's to destroy
    record Agreed(CircuitSecrets secrets, CircuitTerms terms) {
        @Override
        public String toString() {
            return "Agreed " + terms;
        }
    }

    /// [Create2Body#handshakeType].
    int type();

    /// What goes into CREATE_FAST, CREATE2 or EXTEND2.
    byte[] request();

    /// @throws Malformed when it was not that relay that answered, or it grants what nobody asked for
    Agreed finish(byte[] reply) throws Malformed;

    /// CREATE_FAST, for a first hop of which TLS has proved who it is.
    ///
    /// @param request [CreateFast#MATERIAL_LENGTH] fresh random bytes
    static ClientHandshake fast(byte[] request) {
        return new Fast(request);
    }

    /// ntor.
    ///
    /// @param ephemeral 32 fresh random bytes
    static ClientHandshake ntor(byte[] rsaDigest, byte[] onionKey, byte[] ephemeral) {
        return new OfNtor(new Ntor.Client(rsaDigest, onionKey, ephemeral));
    }

    /// ntor-v3.
    ///
    /// @param wanted what to ask for; its increment is what the consensus says
    /// @param ephemeral 32 fresh random bytes
    static ClientHandshake ntorV3(byte[] ed25519, byte[] onionKey, byte[] ephemeral, CircuitTerms wanted) {
        return new OfNtorV3(new NtorV3Request(ed25519, onionKey, ephemeral, wanted.request()), wanted);
    }

    /// See [#fast].
    record Fast(byte[] request) implements ClientHandshake {
        @Override
        public int type() {
            return Create2Body.FAST;
        }

        @Override
        public Agreed finish(byte[] reply) throws Malformed {
            return new Agreed(CreateFast.finish(request, reply), CircuitTerms.PLAIN);
        }
    }

    /// See [#ntor].
    record OfNtor(Ntor.Client client) implements ClientHandshake {
        @Override
        public int type() {
            return Create2Body.NTOR;
        }

        @Override
        public byte[] request() {
            return client.request();
        }

        @Override
        public Agreed finish(byte[] reply) throws Malformed {
            return new Agreed(client.finish(reply), CircuitTerms.PLAIN);
        }
    }

    /// See [#ntorV3].
    record OfNtorV3(NtorV3Request client, CircuitTerms wanted) implements ClientHandshake {
        @Override
        public int type() {
            return Create2Body.NTOR_V3;
        }

        @Override
        public byte[] request() {
            return client.bytes();
        }

        @Override
        public Agreed finish(byte[] reply) throws Malformed {
            return client.finish(reply, wanted);
        }
    }
}
