/// The private network of C tor that tests and demo stand on, the load generator, and the verbs `demo`,
/// `network` and `load`.
/// The compiler holds these walls; at run time everything is on the class path (docs/decisions/0003), so verbs are
/// found through `META-INF/services`.
module sallyport.lab {
    requires info.picocli;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport;
    requires jdk.management;
    requires HdrHistogram;
    requires net.i2p.crypto.eddsa;
    requires org.bouncycastle.provider;
    requires sallyport.engine;
    requires sallyport.supervisor;
    requires static org.jspecify;
    requires typesafe.config;
}
