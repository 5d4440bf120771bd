/// Cells and relay messages: their bytes, codecs and reason codes.
/// Called by link, circuit and everything above; a cell belongs to one holder, who passes it on or releases it.
/// Obeys tor-spec "Cell packet format", "Relay cells" and the reason tables of "Tearing down circuits" and "Closing
/// streams".
@NullMarked
package sallyport.engine.cell;

import org.jspecify.annotations.NullMarked;
