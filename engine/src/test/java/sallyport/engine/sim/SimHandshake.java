package sallyport.engine.sim;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.onionskin.CircuitSecrets;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.Ntor;
import sallyport.engine.onionskin.NtorV3Client;

/// A client's handshake with one hop, of any kind that there is.
sealed interface SimHandshake {
    /// What both have agreed on.
    ///
    /// @param increment cells per SENDME under congestion control; 0: without
    record Agreed(CircuitSecrets secrets, int increment) {}

    /// What goes into CREATE_FAST, CREATE2 or EXTEND2.
    byte[] request();

    /// @throws Malformed when it was not that relay that answered
    Agreed finish(byte[] reply) throws Malformed;

    /// CREATE_FAST.
    record Fast(byte[] request) implements SimHandshake {
        @Override
        public Agreed finish(byte[] reply) throws Malformed {
            return new Agreed(CreateFast.finish(request, reply), 0);
        }
    }

    /// A handshake that travels inside CREATE2.
    sealed interface Create2 extends SimHandshake {
        /// [Create2Body#handshakeType].
        int type();

        default Create2Body body() {
            return new Create2Body(type(), request());
        }
    }

    /// ntor.
    record V1(Ntor.Client client) implements Create2 {
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
            return new Agreed(client.finish(reply), 0);
        }
    }

    /// ntor-v3.
    record V3(NtorV3Client client) implements Create2 {
        @Override
        public int type() {
            return Create2Body.NTOR_V3;
        }

        @Override
        public byte[] request() {
            return client.request();
        }

        @Override
        public Agreed finish(byte[] reply) throws Malformed {
            return new Agreed(client.finish(reply), client.sendmeIncrement());
        }
    }

    /// The first hop of a circuit knows its relay from TLS, so that it may do without the onion key.
    static SimHandshake first(Scenario scenario, SimRelay relay) {
        return scenario.chance(3) ? new Fast(scenario.random(CreateFast.MATERIAL_LENGTH)) : later(scenario, relay);
    }

    /// ntor-v3, asking for congestion control.
    static Create2 congestionControlled(Scenario scenario, SimRelay relay) {
        return new V3(new NtorV3Client(
                relay.identity().ed25519(), relay.onionKey(), scenario.random(32), NtorV3Client.congestionControl()));
    }

    static Create2 later(Scenario scenario, SimRelay relay) {
        byte[] ephemeral = scenario.random(32);
        int kind = scenario.below(10);
        if (kind < 4) {
            return new V1(new Ntor.Client(relay.identity().rsaDigest(), relay.onionKey(), ephemeral));
        }
        byte[] asked = kind < 5 ? NtorV3Client.plain() : NtorV3Client.congestionControl();
        return new V3(new NtorV3Client(relay.identity().ed25519(), relay.onionKey(), ephemeral, asked));
    }
}
