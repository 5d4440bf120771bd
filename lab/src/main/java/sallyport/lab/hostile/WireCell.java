package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.AUTHENTICATE;
import static sallyport.engine.cell.CellCommand.AUTHORIZE;
import static sallyport.engine.cell.CellCommand.AUTH_CHALLENGE;
import static sallyport.engine.cell.CellCommand.CERTS;
import static sallyport.engine.cell.CellCommand.CREATE;
import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.CREATED;
import static sallyport.engine.cell.CellCommand.CREATED2;
import static sallyport.engine.cell.CellCommand.CREATED_FAST;
import static sallyport.engine.cell.CellCommand.CREATE_FAST;
import static sallyport.engine.cell.CellCommand.DESTROY;
import static sallyport.engine.cell.CellCommand.NETINFO;
import static sallyport.engine.cell.CellCommand.PADDING;
import static sallyport.engine.cell.CellCommand.PADDING_NEGOTIATE;
import static sallyport.engine.cell.CellCommand.RELAY;
import static sallyport.engine.cell.CellCommand.RELAY_EARLY;
import static sallyport.engine.cell.CellCommand.VERSIONS;
import static sallyport.engine.cell.CellCommand.VPADDING;

/// One cell as it was on the wire.
///
/// @param circuit the circuit id, unsigned
/// @param body 509 bytes of a fixed cell, as many as its length says of a variable one
record WireCell(long circuit, int command, byte[] body) {
    /// Bytes of a fixed cell's body.
    static final int BODY_BYTES = 509;

    String name() {
        return switch (command) {
            case PADDING -> "PADDING";
            case CREATE -> "CREATE";
            case CREATED -> "CREATED";
            case RELAY -> "RELAY";
            case DESTROY -> "DESTROY";
            case CREATE_FAST -> "CREATE_FAST";
            case CREATED_FAST -> "CREATED_FAST";
            case VERSIONS -> "VERSIONS";
            case NETINFO -> "NETINFO";
            case RELAY_EARLY -> "RELAY_EARLY";
            case CREATE2 -> "CREATE2";
            case CREATED2 -> "CREATED2";
            case PADDING_NEGOTIATE -> "PADDING_NEGOTIATE";
            case VPADDING -> "VPADDING";
            case CERTS -> "CERTS";
            case AUTH_CHALLENGE -> "AUTH_CHALLENGE";
            case AUTHENTICATE -> "AUTHENTICATE";
            case AUTHORIZE -> "AUTHORIZE";
            default -> "command " + command;
        };
    }
}
