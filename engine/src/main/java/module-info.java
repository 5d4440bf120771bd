/// The relay: everything a lone relay needs, for any number of instances.
/// The compiler holds these walls; at run time everything is on the class path (docs/decisions/0003).
module sallyport.engine {
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.tcnative.classes.openssl;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires aircompressor;
    requires java.management;
    requires jdk.management;
    requires net.i2p.crypto.eddsa;
    requires org.bouncycastle.provider;
    requires org.jctools.core;
    requires static org.jspecify;
    requires org.tukaani.xz;

    exports sallyport.engine.address;
    exports sallyport.engine.host;
    exports sallyport.engine.identity;
    exports sallyport.engine.instance;
    exports sallyport.engine.world;

    // What a configuration names: the network's authorities, exit policies, rates; `Malformed` is how they are refused.
    exports sallyport.engine.bytes to
            sallyport.supervisor,
            sallyport.lab;
    exports sallyport.engine.directory to
            sallyport.supervisor,
            sallyport.lab;
    exports sallyport.engine.limits to
            sallyport.supervisor,
            sallyport.lab;
    exports sallyport.engine.netdoc to
            sallyport.supervisor,
            sallyport.lab;
    // What a relay may count.
    exports sallyport.engine.accounting to
            sallyport.supervisor,
            sallyport.lab;
    // Descriptors of relays that exist in directories alone, for a large private network.
    exports sallyport.engine.descriptor to
            sallyport.lab;
    // What the embedded authorities answer.
    exports sallyport.engine.dirserver to
            sallyport.lab;
    exports sallyport.engine.dircache to
            sallyport.lab;
    // Certificates, digests and signatures, for the embedded authorities.
    exports sallyport.engine.cert to
            sallyport.lab;
    exports sallyport.engine.crypto to
            sallyport.lab;
    // The numbers of the specification. The hostile client shares nothing else with the relay; the lab's own client
    // stands on `origin`, whose terms for a circuit are of `onionskin`.
    exports sallyport.engine.cell to
            sallyport.lab;
    exports sallyport.engine.origin to
            sallyport.lab;
    exports sallyport.engine.onionskin to
            sallyport.lab;
}
