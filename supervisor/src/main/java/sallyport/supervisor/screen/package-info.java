/// What people see of a running process: tables of 80 columns and the live view, made of answers of the control socket.
/// Called by the verbs in `launch`; knows no engine, only JSON objects and a terminal.
/// Obeys no Tor section.
@NullMarked
package sallyport.supervisor.screen;

import org.jspecify.annotations.NullMarked;
