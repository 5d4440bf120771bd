/// What an operator sees: `main`, the configuration and the verbs. The compiler holds these walls; at run
/// time everything is on the class path (docs/decisions/0003).
module sallyport.supervisor {
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires java.logging;
    requires java.management;
    requires jdk.management; // memory of the control group, the limit of FDs
    requires jdk.httpserver;
    requires jdk.net; // who is at the other end of the control socket
    requires jdk.unsupported; // sun.misc.Signal: SIGHUP
    requires sallyport.engine;
    requires static org.jspecify;
    requires typesafe.config;

    // The lab contributes verbs, found as services of this type.
    exports sallyport.supervisor.launch to
            sallyport.lab;
    // The demo asks the process it runs.
    exports sallyport.supervisor.admin to
            sallyport.lab;

    uses sallyport.supervisor.launch.Verb;
}
