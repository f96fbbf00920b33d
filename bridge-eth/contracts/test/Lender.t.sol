// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ISmartLinkAnchor} from "../src/ISmartLinkAnchor.sol";
import {VehicleLender} from "../src/examples/VehicleLender.sol";
import {Facts} from "./support/Facts.sol";

/// @notice Someone who is paid and calls back.
contract Greedy {
    VehicleLender private immutable LENDER;

    constructor(VehicleLender lender) {
        LENDER = lender;
    }

    function pledge(uint256 debt) external payable {
        LENDER.pledge{value: msg.value}(debt);
    }

    receive() external payable {
        // Once more, with whatever there is.
        ISmartLinkAnchor.Inclusion memory none;
        LENDER.release(0, "", none);
    }
}

/// @notice The story of a vehicle that is owed.
contract LenderTest is Facts {
    uint64 private constant SET = 7;
    uint32 private constant COMPANY = 7;
    uint32 private constant VEHICLE = 42;
    bytes17 private constant VIN = "LSVAA4182E2123456";
    address private constant DEBTOR = address(0xdeb7);

    ISmartLinkAnchor private anchor;
    VehicleLender private lender;
    Keys private set;
    uint32 private height;

    function setUp() public {
        set = validators(4, "set");
        anchor = deploy(SET, set, set);
        lender = new VehicleLender(anchor, COMPANY);
        lender.offer(DEBTOR, VEHICLE, VIN, 3, 30 days, 5 ether);
        vm.deal(DEBTOR, 5 ether);
        vm.prank(DEBTOR);
        lender.pledge{value: 5 ether}(0);
    }

    receive() external payable {}

    /// @dev The chain says something of a vehicle, and somebody relays it.
    function said(bytes memory vehicle) private returns (ISmartLinkAnchor.Inclusion memory inclusion) {
        Brought memory brought;
        height += 10;
        (brought, inclusion) = include(set, SET, 2, vehicle, Size(height - 3, height, 1, 3));
        submit(anchor, brought);
    }

    function test_the_collateral_goes_back_when_the_vehicle_is_the_lenders() public {
        bytes memory vehicle = vehicleBytes(VEHICLE, 3, COMPANY, 1);
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicle);
        vm.prank(address(0xa11));
        lender.release(0, vehicle, inclusion);
        vm.assertEq(DEBTOR.balance, 5 ether);
        // Once.
        vm.expectRevert(abi.encodeWithSelector(VehicleLender.WrongState.selector, VehicleLender.State.Closed));
        lender.release(0, vehicle, inclusion);
        vm.warp(block.timestamp + 31 days);
        vm.expectRevert(abi.encodeWithSelector(VehicleLender.WrongState.selector, VehicleLender.State.Closed));
        lender.take(0);
    }

    function test_a_later_version_does_as_well() public {
        bytes memory vehicle = vehicleBytes(VEHICLE, 9, COMPANY, 2);
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicle);
        lender.release(0, vehicle, inclusion);
        vm.assertEq(DEBTOR.balance, 5 ether);
    }

    /// The vehicle was the lender's once before; the proof of that time is as true as ever.
    function test_an_old_version_is_no_transfer() public {
        refused(vehicleBytes(VEHICLE, 2, COMPANY, 1), abi.encodeWithSelector(VehicleLender.OldVersion.selector, 2, 3));
    }

    function test_what_is_not_this_vehicle_in_the_lenders_hands_is_refused() public {
        refused(vehicleBytes(VEHICLE, 3, 8, 1), abi.encodeWithSelector(VehicleLender.OtherOwner.selector, 8));
        refused(
            vehicleBytes(VEHICLE + 1, 3, COMPANY, 1),
            abi.encodeWithSelector(VehicleLender.OtherVehicle.selector, VEHICLE + 1, VIN)
        );
        refused(vehicleBytes(VEHICLE, 3, COMPANY, 3), abi.encodeWithSelector(VehicleLender.Scrapped.selector));
        bytes memory vehicle = vehicleBytes(VEHICLE, 3, COMPANY, 1);
        vehicle[14] = "X";
        refused(
            vehicle, abi.encodeWithSelector(VehicleLender.OtherVehicle.selector, VEHICLE, bytes17("XSVAA4182E2123456"))
        );
        vm.assertEq(address(lender).balance, 5 ether);
    }

    function refused(bytes memory vehicle, bytes memory why) private {
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicle);
        vm.expectRevert(why);
        lender.release(0, vehicle, inclusion);
    }

    function test_what_the_chain_never_said_is_refused() public {
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicleBytes(VEHICLE, 3, 8, 1));
        vm.expectPartialRevert(ISmartLinkAnchor.OtherTreeRoot.selector);
        lender.release(0, vehicleBytes(VEHICLE, 3, COMPANY, 1), inclusion);
    }

    function test_the_lender_takes_it_after_the_term_alone() public {
        (,,,,, uint64 end,,) = lender.debts(0);
        vm.assertEq(end, block.timestamp + 30 days);
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(VehicleLender.NotOver.selector, end));
        lender.take(0);
        vm.warp(end + 1);
        vm.prank(DEBTOR);
        vm.expectRevert(VehicleLender.NotYours.selector);
        lender.take(0);
        uint256 before = address(this).balance;
        lender.take(0);
        vm.assertEq(address(this).balance - before, 5 ether);
    }

    function test_an_agreement_takes_two() public {
        vm.prank(DEBTOR);
        vm.expectRevert(VehicleLender.NotYours.selector);
        lender.offer(DEBTOR, VEHICLE, VIN, 3, 30 days, 5 ether);
        vm.expectRevert(VehicleLender.BadTerms.selector);
        lender.offer(DEBTOR, VEHICLE, VIN, 0, 30 days, 5 ether);
        uint256 debt = lender.offer(DEBTOR, VEHICLE, VIN, 3, 30 days, 5 ether);
        vm.expectRevert(VehicleLender.NotYours.selector);
        lender.pledge{value: 5 ether}(debt);
        vm.deal(DEBTOR, 5 ether);
        vm.prank(DEBTOR);
        vm.expectRevert(abi.encodeWithSelector(VehicleLender.WrongSum.selector, 4 ether, 5 ether));
        lender.pledge{value: 4 ether}(debt);
        bytes memory vehicle = vehicleBytes(VEHICLE, 3, COMPANY, 1);
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicle);
        vm.expectRevert(abi.encodeWithSelector(VehicleLender.WrongState.selector, VehicleLender.State.Offered));
        lender.release(debt, vehicle, inclusion);
    }

    function test_who_is_paid_and_calls_back_gets_nothing_more() public {
        Greedy greedy = new Greedy(lender);
        uint256 debt = lender.offer(address(greedy), VEHICLE, VIN, 3, 30 days, 1 ether);
        greedy.pledge{value: 1 ether}(debt);
        bytes memory vehicle = vehicleBytes(VEHICLE, 3, COMPANY, 1);
        ISmartLinkAnchor.Inclusion memory inclusion = said(vehicle);
        vm.expectRevert(VehicleLender.NotPaid.selector);
        lender.release(debt, vehicle, inclusion);
        vm.assertEq(address(lender).balance, 6 ether);
    }
}
