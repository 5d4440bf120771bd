/// The private network of C tor that tests and demo stand on, and the verbs `demo` and `network`.
/// The compiler holds these walls; at run time everything is on the class path (docs/decisions/0003), so verbs are
/// found through `META-INF/services`.
module sallyport.lab {
    requires info.picocli;
    requires net.i2p.crypto.eddsa;
    requires org.bouncycastle.provider;
    requires sallyport.engine;
    requires sallyport.supervisor;
    requires static org.jspecify;
    requires typesafe.config;
}
