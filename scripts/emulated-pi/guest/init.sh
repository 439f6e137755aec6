#!/bin/busybox sh
# First process of the emulated Pi in the quick boot: mounts, modules, network, then a shell on the serial line.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root TERM=dumb
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done < /modules/order
ip link set lo up
until ip link set usb0 up 2>/dev/null || ip link set eth0 up 2>/dev/null; do usleep 50000; done
card=$(ls /sys/class/net | grep -v '^lo$')
# The network of QEMU: this machine is 15, and 2 is the computer outside.
ip address add 10.0.2.15/24 dev "$card"
ip route add default via 10.0.2.2
hostname emulated-pi
stty -echo -onlcr
echo "@@ready"
exec setsid sh -c 'exec sh </dev/console >/dev/console 2>&1'
