// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../ISmartLinkAnchor.sol";

/// @title A lender who gives collateral back when a vehicle is proven to be his
/// @notice An example of a contract that relies on the chain by its anchor. A company owes the lender a vehicle and leaves
/// ether until it is handed over. When the chain says that the vehicle is the lender's, the ether goes back; when it does not
/// by the end of the term, the lender may take it. Nobody decides: not a relayer, not an oracle.
/// @dev What a proof says, and what it does not, is why each check in {release} is there:
///
/// - Every version of a vehicle can be proven for ever. Had it been the lender's once before, that old version would do: so
///   the version is one that the agreement came before.
/// - A proof is of one item. That it is this vehicle is for us to check: by its id, and by its VIN, so that a wrong id in the
///   offer is found.
/// - A vehicle that is scrapped has an owner too.
/// - It proves what was so at its block: the lender may have given the vehicle away since. That is what he does with his own.
///
/// Who depends on a proof by a term depends on a checkpoint before its end. Anybody may bring one, the debtor too.
contract VehicleLender {
    /// @notice What a debt is at.
    enum State {
        None,
        Offered,
        Pledged,
        Closed
    }

    /// @notice What is owed, and what it stands for.
    /// @param debtor who leaves the collateral and gets it back
    /// @param vin the vehicle's VIN
    /// @param vehicle its id on the chain
    /// @param version the first version of it that counts: one more than it had when this was agreed
    /// @param term seconds from the pledge on in which it has to be proven
    /// @param end when that is over, in seconds of the Unix epoch; 0 before the pledge
    /// @param collateral wei
    /// @param state where it is at
    struct Debt {
        address debtor;
        bytes17 vin;
        uint32 vehicle;
        uint32 version;
        uint32 term;
        uint64 end;
        uint256 collateral;
        State state;
    }

    /// @notice The lender offers an agreement.
    event Offered(uint256 indexed debt, address indexed debtor, uint32 indexed vehicle);
    /// @notice The debtor left the collateral.
    event Pledged(uint256 indexed debt, uint64 end);
    /// @notice The vehicle is the lender's since that block, and the collateral went back.
    event Released(uint256 indexed debt, uint32 height);
    /// @notice The term was over, and the lender took the collateral.
    event Taken(uint256 indexed debt);

    /// @notice Only the lender, or only the debtor, may do that.
    error NotYours();
    /// @notice The debt is at another point.
    error WrongState(State state);
    /// @notice An offer that nobody could fulfil.
    error BadTerms();
    /// @notice Another sum than was agreed.
    error WrongSum(uint256 sent, uint256 wanted);
    /// @notice The proof is of another vehicle.
    error OtherVehicle(uint32 vehicle, bytes17 vin);
    /// @notice The proof is of a version that the agreement does not mean.
    error OldVersion(uint32 version, uint32 wanted);
    /// @notice The vehicle belongs to another company.
    error OtherOwner(uint32 owner);
    /// @notice The vehicle is scrapped.
    error Scrapped();
    /// @notice The term is not over.
    error NotOver(uint64 end);
    /// @notice The ether was not taken.
    error NotPaid();

    /// @dev The status of a scrapped vehicle.
    uint8 private constant SCRAPPED = 3;

    /// @notice What proves vehicles.
    ISmartLinkAnchor public immutable ANCHOR;
    /// @notice Who lends.
    address payable public immutable LENDER;
    /// @notice The lender's company on the chain.
    uint32 public immutable COMPANY;

    /// @notice All debts, from 0.
    Debt[] public debts;

    /// @param anchor the anchor; compare its sets and its genesis with the chain
    /// @param company the lender's company on the chain
    constructor(ISmartLinkAnchor anchor, uint32 company) {
        ANCHOR = anchor;
        LENDER = payable(msg.sender);
        COMPANY = company;
    }

    /// @notice The lender offers an agreement: {Debt} says what of.
    /// @return debt its number
    function offer(address debtor, uint32 vehicle, bytes17 vin, uint32 version, uint32 term, uint256 collateral)
        external
        returns (uint256 debt)
    {
        if (msg.sender != LENDER) revert NotYours();
        if (debtor == address(0) || version == 0 || term == 0 || collateral == 0) revert BadTerms();
        debt = debts.length;
        debts.push(Debt(debtor, vin, vehicle, version, term, 0, collateral, State.Offered));
        emit Offered(debt, debtor, vehicle);
    }

    /// @notice The debtor agrees, and leaves the collateral.
    function pledge(uint256 debt) external payable {
        Debt storage agreed = debts[debt];
        if (agreed.state != State.Offered) revert WrongState(agreed.state);
        if (msg.sender != agreed.debtor) revert NotYours();
        if (msg.value != agreed.collateral) revert WrongSum(msg.value, agreed.collateral);
        agreed.end = uint64(block.timestamp) + agreed.term;
        agreed.state = State.Pledged;
        emit Pledged(debt, agreed.end);
    }

    /// @notice Gives the collateral back for a proof that the vehicle is the lender's. Anybody may bring it, also after the
    /// term while the lender has not taken the collateral.
    /// @param debt which
    /// @param vehicle the bytes of the vehicle
    /// @param inclusion leads them to a checkpoint
    function release(uint256 debt, bytes calldata vehicle, ISmartLinkAnchor.Inclusion calldata inclusion) external {
        Debt storage agreed = debts[debt];
        if (agreed.state != State.Pledged) revert WrongState(agreed.state);
        (ISmartLinkAnchor.Vehicle memory proven, uint32 height) = ANCHOR.verifyVehicle(vehicle, inclusion);
        if (proven.id != agreed.vehicle || proven.vin != agreed.vin) revert OtherVehicle(proven.id, proven.vin);
        if (proven.version < agreed.version) revert OldVersion(proven.version, agreed.version);
        if (proven.owner != COMPANY) revert OtherOwner(proven.owner);
        if (proven.status == SCRAPPED) revert Scrapped();
        agreed.state = State.Closed;
        emit Released(debt, height);
        pay(payable(agreed.debtor), agreed.collateral);
    }

    /// @notice The lender takes the collateral after the term.
    function take(uint256 debt) external {
        Debt storage agreed = debts[debt];
        if (agreed.state != State.Pledged) revert WrongState(agreed.state);
        if (msg.sender != LENDER) revert NotYours();
        // Who makes a block moves its time by seconds; the term has days.
        // forge-lint: disable-next-item(block-timestamp)
        // slither-disable-next-line timestamp
        if (block.timestamp <= agreed.end) revert NotOver(agreed.end);
        agreed.state = State.Closed;
        emit Taken(debt);
        pay(LENDER, agreed.collateral);
    }

    /// @dev Last of all: who is paid may call back. To the debtor of the agreement or to the lender, with all gas: either may be
    /// a contract.
    // slither-disable-next-line arbitrary-send-eth,low-level-calls
    function pay(address payable to, uint256 sum) private {
        (bool taken,) = to.call{value: sum}("");
        if (!taken) revert NotPaid();
    }
}
