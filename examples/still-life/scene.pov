// Still life by a window: the example photograph of the Hypir project.
//
// Self-contained: no include files, no image maps, no outside fonts (the
// lettering uses the typefaces built into POV-Ray itself).
// Written for POV-Ray 3.7.  One unit is ten centimetres.
//
//   povray +Iscene.pov +Oclean.png +W768 +H512 +FN8 +Q11 +A0.06 +AM1 +R3 -J -D
//
// For a quick look:  povray +Iscene.pov +Odraft.png +W384 +H256 -D Declare=Draft=1
//
// MIT licence, as the rest of the project.

#version 3.7;

#ifndef (Draft) #declare Draft = 0; #end

global_settings {
  assumed_gamma 1.0
  max_trace_level 8
  adc_bailout 0.012
  radiosity {
    pretrace_start 0.08
    pretrace_end   0.02
    count          (Draft ? 60 : 130)
    nearest_count  (Draft ? 6 : 10)
    error_bound    (Draft ? 0.8 : 0.7)
    recursion_limit 2
    low_error_factor 0.7
    gray_threshold 0.1
    minimum_reuse 0.025
    always_sample off
    brightness 1.0
    normal off
  }
  photons { count (Draft ? 20000 : 80000) jitter 0.4 }
}

#default { finish { ambient 0 diffuse 0.75 } }

// ---------------------------------------------------------------- camera ----

camera {
  perspective
  location <0.35, 4.1, -12.6>
  right x*1.5  up y
  look_at  <0.08, 1.24, 0>
  angle 33.8
}

// ---------------------------------------------------------------- light -----

#declare WinX  = -9;          // plane of the window, off to the left
#declare WinY0 = 3.3;  #declare WinY1 = 10.2;
#declare WinZ0 = -10;  #declare WinZ1 = 2.2;

// Low sun through the window.
light_source {
  <-36, 21.2, -20.0>
  srgb <1.00, 0.90, 0.76>*1.75
  area_light <0.9, 0, 0>, <0, 0.9, 0>, 7, 7
  adaptive 1 jitter circular orient
}

// Sky light coming in through the same window.
light_source {
  <WinX, 5.4, -4.6>
  srgb <0.82, 0.90, 1.00>*0.68
  area_light <0, 0, 7>, <0, 4.6, 0>, 7, 5
  adaptive 1 jitter
  photons { refraction off reflection off }
}

// The panes: seen only as reflections in glaze and glass.
#declare Pane = texture {
  pigment { gradient y scale 6.4 translate y*3.2
    color_map { [0 srgb <0.72, 0.80, 0.78>] [0.35 srgb <0.86, 0.92, 0.95>] [1 srgb <0.93, 0.97, 1.0>] } }
  finish { emission 3.2 diffuse 0 }
}
box { <WinX-0.3, WinY0, WinZ0>, <WinX-0.28, WinY1, WinZ1>
  texture { Pane } no_shadow no_image no_radiosity }

// Window frame, glazing bars and the wall around them: they shape the sunlight.
union {
  #declare Bar = 0.12;
  #declare I = 1;
  #while (I <= 3)
    #declare Z = WinZ0 + (WinZ1-WinZ0)*I/4;
    box { <WinX-0.1, WinY0, Z-Bar>, <WinX+0.1, WinY1, Z+Bar> }
    #declare I = I + 1;
  #end
  box { <WinX-0.1, 8.30-Bar, WinZ0>, <WinX+0.1, 8.30+Bar, WinZ1> }
  box { <WinX-0.1, -9, -30>, <WinX+0.1, WinY0, 2.7> }
  box { <WinX-0.1, WinY1, -30>, <WinX+0.1, 25, 2.7> }
  box { <WinX-0.1, WinY0, -30>, <WinX+0.1, WinY1, WinZ0> }
  box { <WinX-0.1, WinY0, WinZ1>, <WinX+0.1, WinY1, 2.7> }
  pigment { srgb <0.86, 0.84, 0.79> }
  no_image
}

// The rest of the room, as a soft surrounding brightness.
sky_sphere {
  pigment {
    gradient x
    color_map {
      [0.0 srgb <0.66, 0.67, 0.68>]
      [1.0 srgb <0.52, 0.50, 0.47>]
    }
    scale 2 translate -x
  }
}

// --------------------------------------------------------------- helpers ----

#declare fBozo    = function { pattern { bozo } }
#macro Clamp(V, A, B) min(max(V, A), B) #end
#macro Smooth(A, B, V) #local T = Clamp((V-A)/(B-A), 0, 1); (T*T*(3-2*T)) #end
#macro Gauss(V, S) exp(-(V)*(V)/((S)*(S))) #end

// A smooth mesh of a parametric surface.  Surf(Kind, U, V) gives its points.
#macro ParamMesh(Kind, NU, NV)
  #local D = 0.003;
  mesh2 {
    vertex_vectors { (NU+1)*(NV+1)
      #local J = 0; #while (J <= NV) #local I = 0; #while (I <= NU)
        , Surf(Kind, I/NU, J/NV)
      #local I = I+1; #end #local J = J+1; #end }
    normal_vectors { (NU+1)*(NV+1)
      #local J = 0; #while (J <= NV) #local I = 0; #while (I <= NU)
        #local U = I/NU; #local V = Clamp(J/NV, 2*D, 1-2*D);
        #local Nrm = vcross(Surf(Kind, U+D, V)-Surf(Kind, U-D, V),
                            Surf(Kind, U, V+D)-Surf(Kind, U, V-D));
        #if (vlength(Nrm) < 1e-12) #local Nrm = y; #end
        , vnormalize(Nrm)
      #local I = I+1; #end #local J = J+1; #end }
    uv_vectors { (NU+1)*(NV+1)
      #local J = 0; #while (J <= NV) #local I = 0; #while (I <= NU)
        , <I/NU, J/NV>
      #local I = I+1; #end #local J = J+1; #end }
    face_indices { 2*NU*NV
      #local J = 0; #while (J < NV) #local I = 0; #while (I < NU)
        #local A = J*(NU+1)+I;
        , <A, A+1, A+NU+2>, <A, A+NU+2, A+NU+1>
      #local I = I+1; #end #local J = J+1; #end }
  }
#end

// A round bar of varying thickness along a spline (spheres joined by cones).
#macro Tube(Spl, R0, R1, N)
  union {
    #local I = 0;
    #while (I < N)
      #local P = Spl(I/N)+<0,0,0>; #local Q = Spl((I+1)/N)+<0,0,0>;
      #local Ra = R0+(R1-R0)*I/N; #local Rb = R0+(R1-R0)*(I+1)/N;
      sphere { P, Ra }
      cone { P, Ra, Q, Rb }
      #local I = I + 1;
    #end
    sphere { Spl(1)+<0,0,0>, R1 }
  }
#end

#macro RoundBox(A, B, R)
  union {
    box { A+<R,R,0>, B-<R,R,0> }
    box { A+<R,0,R>, B-<R,0,R> }
    box { A+<0,R,R>, B-<0,R,R> }
    #local Xs = array[2] { A.x+R, B.x-R }
    #local Ys = array[2] { A.y+R, B.y-R }
    #local Zs = array[2] { A.z+R, B.z-R }
    #local I = 0; #while (I < 2) #local J = 0; #while (J < 2)
      cylinder { <Xs[0],Ys[I],Zs[J]>, <Xs[1],Ys[I],Zs[J]>, R }
      cylinder { <Xs[I],Ys[0],Zs[J]>, <Xs[I],Ys[1],Zs[J]>, R }
      cylinder { <Xs[I],Ys[J],Zs[0]>, <Xs[I],Ys[J],Zs[1]>, R }
      sphere { <Xs[0],Ys[I],Zs[J]>, R }
      sphere { <Xs[1],Ys[I],Zs[J]>, R }
    #local J = J+1; #end #local I = I+1; #end
  }
#end

// Profile of the jug: radius over height.
#declare JugH = 2.35;
#declare JugR = spline { cubic_spline
  -0.1, <0.45,0,0>  0.00, <0.47,0,0>  0.15, <0.62,0,0>  0.33, <0.81,0,0>
  0.50, <0.85,0,0>  0.66, <0.70,0,0>  0.80, <0.47,0,0>  0.90, <0.43,0,0>
  1.00, <0.52,0,0>  1.10, <0.62,0,0> }

// Cloth: flat on the table with wrinkles, hanging over the front edge.
#declare TableFront = -2.45;
#declare ClothW = 2.7; #declare ClothL = 4.3; #declare ClothTurn = radians(-7);
#macro ClothPoint(U, V)
  #local Px = (U-0.5)*ClothW;
  #local Pz = 0.95 - V*ClothL;
  #local Wx = Px*cos(ClothTurn)-Pz*sin(ClothTurn)-0.62;
  #local Wz = Px*sin(ClothTurn)+Pz*cos(ClothTurn);
  // Things stand on it, so it lies flat there.
  #local Flat = Smooth(0.9, 1.5, vlength(<Wx-0.0, 0, Wz-0.1>))
              * Smooth(0.30, 0.75, vlength(<Wx+1.22, 0, Wz+1.0>))
              * Smooth(0.50, 0.85, vlength(<(Wx+0.05)*0.55, 0, Wz+1.42>))
              * Smooth(0.5, 1.0, vlength(<Wx+1.8, 0, Wz-0.9>));
  #local H = 0.19*pow(abs(fBozo(Wx*0.9+Wz*0.55, 3.1, Wz*0.5-Wx*0.2)), 1.5)
           + 0.07*pow(1-abs(2*fBozo(Wx*1.1-Wz*0.9, 7.7, Wz*0.8+Wx*0.3)-1), 4);
  #local Yy = 0.015 + H*(0.12+0.88*Flat);
  #local S = TableFront - 0.03 - Wz;
  #local Bend = 0.10;
  #if (S < 0)
    #local Out = <Wx, Yy, Wz>;
  #else
    #local Fold = 0.075*sin(Wx*4.3+0.6+0.5*sin(Wx*1.7))*Smooth(0, 1.0, S);
    #if (S < Bend*pi/2)
      #local Ang = S/Bend;
      #local Out = <Wx, Yy-(1-cos(Ang))*Bend, TableFront-0.03-sin(Ang)*Bend-Fold>;
    #else
      #local Out = <Wx+0.04*S, Yy-Bend-(S-Bend*pi/2), TableFront-0.03-Bend-Fold>;
    #end
  #end
  (Out)
#end

#macro Surf(Kind, U, V)
  #switch (Kind)
    #case (1)   // jug, outside and inside
      #local T = (U-0.5)*2*pi;
      #if (V < 0.62) #local Hh = V/0.62; #local In = 0;
      #else #if (V < 0.66) #local Hh = 1; #local In = (V-0.62)/0.04;
      #else #local Hh = 1-(V-0.66)/0.34*0.8; #local In = 1; #end #end
      #local Lip = (V < 0.62 ? 0 : (V < 0.66 ? sin(In*pi)*0.035 : 0));
      #local R = JugR(Hh).x - 0.075*In;
      #local Sp = Smooth(0.84, 1.0, Hh)*Gauss(T, 0.42);
      #local R = R*(1+0.42*Sp);
      #local Out = <R*sin(T), Hh*JugH + 0.14*Sp + Lip, R*cos(T)>;
      #break
    #case (2)   // apple
      #local T = U*2*pi; #local A = pi*V;
      #local R = sin(A)*(1+0.11*cos(A))*(1+0.025*cos(5*T)*Smooth(0.5, 1, V));
      #local Out = <R*cos(T), 0.86*cos(A)-0.34*Gauss(A, 0.36)+0.22*Gauss(pi-A, 0.3)+0.02*cos(T+1)*sin(A), R*sin(T)>;
      #break
    #case (3)   // pear
      #local T = U*2*pi; #local A = pi*V; #local C = cos(A);
      #local R = sin(A)*(1-0.30*C-0.26*Smooth(0.0, 0.9, C))*(1+0.02*sin(2*T+3*V));
      #local Out = <R*cos(T)+0.10*Smooth(0.1,1,C), 1.30*C+0.14*Gauss(pi-A, 0.3)-0.05*Gauss(A,0.2), R*sin(T)>;
      #break
    #case (4)   // lemon, along y
      #local T = U*2*pi; #local A = pi*V; #local C = cos(A);
      #local R = sin(A)*(1+0.02*sin(3*T));
      #local Out = <R*cos(T), 1.12*C+0.24*Gauss(A, 0.36)-0.16*Gauss(pi-A, 0.36), R*sin(T)>;
      #break
    #case (5)   // cloth
      #local Out = ClothPoint(U, V);
      #break
    #case (6) #case (7) #case (8)  // leaf: length along z, three different curls
      #local L = V; #local S = (U-0.5)*2;
      #local Wd = 0.205*pow(sin(pi*pow(L*0.985+0.008, 0.85)), 0.9)*(1+0.03*sin(L*22+S*2));
      #local K = Kind-6;
      #local Curl = 0.12 + 0.16*K;
      #local Yy = -Curl*L*L + 0.10*abs(S)*Wd/0.2*(1-0.3*K) + 0.012*sin(L*14+S*1.5+K*2)*abs(S);
      #local Out = <S*Wd + 0.06*(K-1)*L*L, Yy, L>;
      #break
    #else #local Out = <0,0,0>;
  #end
  (Out)
#end

// ------------------------------------------------------------------ wall ----

box { <-30, -6, 2.7>, <30, 25, 2.8>
  texture {
    pigment {
      bozo turbulence 0.6 octaves 5
      color_map {
        [0.0 srgb <0.715, 0.735, 0.700>]
        [0.5 srgb <0.745, 0.760, 0.725>]
        [1.0 srgb <0.775, 0.785, 0.745>]
      }
      scale <1.6, 1.1, 1>
    }
    normal {
      average normal_map {
        [1 granite 0.10 scale 1.1]
        [1.2 wrinkles 0.28 scale <0.55, 0.35, 0.5>]
        [1 bumps 0.22 scale 0.07]
      }
    }
    finish { diffuse 0.78 }
  }
}

// ----------------------------------------------------------------- table ----

#macro Board(Z0, Z1, Seed, Tone)
  object {
    union {
      box { <-7, -0.80, Z0>, <7, -0.02, Z1> }
      box { <-7, -0.10, Z0+0.02>, <7, 0, Z1-0.02> }
      cylinder { <-7, -0.02, Z0+0.02>, <7, -0.02, Z0+0.02>, 0.02 }
      cylinder { <-7, -0.02, Z1-0.02>, <7, -0.02, Z1-0.02>, 0.02 }
    }
    texture {
      pigment {
        wood turbulence 0.035 octaves 4 omega 0.5
        color_map {
          [0.00 srgb <0.60, 0.425, 0.275>*Tone]
          [0.30 srgb <0.66, 0.480, 0.315>*Tone]
          [0.62 srgb <0.585, 0.405, 0.255>*Tone]
          [0.88 srgb <0.455, 0.295, 0.175>*Tone]
          [1.00 srgb <0.56, 0.385, 0.240>*Tone]
        }
        scale <0.19, 0.19, 3>
        rotate y*90
        rotate <3.5*sin(Seed*3.1), 1.6*sin(Seed*7.7), 1.5+1.6*sin(Seed*5)>
        translate <Seed*2.3, -0.55-0.35*sin(Seed*9), (Z0+Z1)/2+0.3*sin(Seed*4)>
      }
      finish { diffuse 0.75 }
    }
    texture {
      pigment {
        granite
        color_map {
          [0.00 srgbt <0.22, 0.13, 0.07, 0.35>]
          [0.26 srgbt <0.28, 0.17, 0.09, 0.65>]
          [0.40 srgbt <0.35, 0.22, 0.12, 1>]
          [1.00 srgbt <0.9, 0.7, 0.5, 0.90>]
        }
        scale <1.9, 0.06, 0.055> translate <Seed*5.1, Seed, Seed*2>
      }
      normal {
        average normal_map {
          [1 granite 0.10 scale <1.9, 0.06, 0.055> translate <Seed*5.1, Seed, Seed*2>]
          [1 bumps 0.05 scale <1.5, 0.3, 0.3>]
        }
      }
      finish {
        diffuse 0.75 specular 0.10 roughness 0.035
        reflection { 0.015, 0.14 falloff 3.5 }
      }
    }
  }
#end
Board( 1.72, 2.78, 0.31, 0.98)
Board( 0.66, 1.70, 1.77, 1.06)
Board(-0.40, 0.64, 2.42, 0.94)
Board(-1.44, -0.42, 3.95, 1.03)
Board(TableFront, -1.46, 5.18, 0.99)
box { <-7, -3, TableFront+0.25>, <7, -0.3, TableFront+0.3> pigment { srgb <0.30, 0.20, 0.13> } }

// ------------------------------------------------------------------- jug ----

// Painted decoration as masks over angle (a) and height (h): 0 bare, 1 cobalt.
#declare fStep = function (v, e) { min(max(v/e + 0.5, 0), 1) }
#declare fRep  = function (v, n) { (v*n - floor(v*n)) - 0.5 }
#declare fBand = function (h, c, w) { fStep(w - abs(h-c), 0.012) }
#declare fFlowerR = function (px, py, n) {
  sqrt(px*px+py*py) / (0.19*(0.66+0.34*abs(cos(atan2(py, px)*n/2)))) }
#declare fA = function (x, z) { atan2(x, z)/(2*pi) + 0.5 }
// Flowers around the belly: eight of them.
#declare fFlower = function (a, h) {
  fStep(1 - fFlowerR(fRep(a, 8)*0.66, h-1.12, 5), 0.10)
  * (1 - 0.95*fStep(0.062 - sqrt(pow(fRep(a, 8)*0.66, 2)+pow(h-1.12, 2)), 0.014))
  * (1 - 0.75*fStep(0.028 - abs(fFlowerR(fRep(a, 8)*0.66, h-1.12, 5)-0.72)*0.19, 0.014)) }
// Pairs of small leaves between them.
#declare fLeafs = function (a, h) {
  max(fStep(1 - sqrt(pow((fRep(a+1/16, 8)*0.66 - (h-1.12)*0.35)/0.050, 2) + pow((h-1.12-0.17)/0.125, 2)), 0.18),
      fStep(1 - sqrt(pow((fRep(a+1/16, 8)*0.66 - (h-1.12)*0.35)/0.050, 2) + pow((h-1.12+0.17)/0.125, 2)), 0.18)) }
#declare fDots = function (a, h, c, n, r) {
  fStep(r - sqrt(pow(fRep(a, n)*4.2/n, 2) + pow(h-c, 2)), 0.014) }
#declare fZig = function (a, h, c, n, amp) {
  fStep(0.022 - abs(h - c - amp*(4*abs(fRep(a, n))-1))*0.6, 0.012) }
#declare fPaint = function (a, h) {
  min(1,
    fBand(h, 0.10, 0.035) + fBand(h, 0.60, 0.020) + fBand(h, 0.545, 0.009)
  + fBand(h, 1.62, 0.020) + fBand(h, 1.675, 0.009)
  + fBand(h, 2.00, 0.012) + fBand(h, 2.36, 0.05)
  + fZig(a, h, 0.36, 18, 0.075) + fDots(a, h, 0.46, 18, 0.026) + fDots(a+1/36, h, 0.26, 18, 0.026)
  + fZig(a, h, 1.83, 14, 0.055)
  + fDots(a, h, 2.10, 16, 0.026)
  + fFlower(a, h) + fLeafs(a, h)) }
#declare fWob = function { pattern { bozo scale 0.16 } }
#declare fBrush = function { pattern { bozo turbulence 0.4 scale <0.10, 0.06, 0.10> } }
#declare fJugPaint = function (x, y, z) {
  fPaint(fA(x, z) + 0.010*(fWob(x, y, z)-0.5), y + 0.035*(fWob(x+9, y+2, z)-0.5))
  * (0.62 + 0.38*fBrush(x, y, z)) }

// In layered textures only the top layer mirrors, which saves a lot of rays.
#declare UnderGlaze = finish { diffuse 0.78 }
#declare Glaze = finish {
  diffuse 0.78 specular 0.35 roughness 0.006
  reflection { 0.02, 0.40 falloff 3 }
}
#declare JugTexture = texture {
  pigment {
    function { fJugPaint(x, y, z) }
    color_map {
      [0.00 srgb <0.905, 0.885, 0.835>]
      [0.45 srgb <0.46, 0.55, 0.72>]
      [0.80 srgb <0.19, 0.29, 0.53>]
      [1.00 srgb <0.12, 0.20, 0.43>]
    }
  }
  normal { bumps 0.045 scale <0.5, 0.16, 0.5> }
  finish { UnderGlaze }
}
#declare JugSpecks = texture {   // little iron specks in the glaze
  pigment {
    crackle form <1,0,0>
    color_map {
      [0.00 srgbt <0.42, 0.32, 0.22, 0.25>]
      [0.13 srgbt <0.52, 0.42, 0.30, 0.45>]
      [0.19 srgbt <0.9, 0.9, 0.85, 1>]
      [1.00 srgbt <0.9, 0.9, 0.85, 1>]
    }
    scale 0.085
  }
  normal { bumps 0.045 scale <0.5, 0.16, 0.5> }
  finish { Glaze }
}

#declare HandleSpline = spline { cubic_spline
  -0.2, <0, 1.9, -0.2>  0, <0, 2.12, -0.40>  0.2, <0, 2.20, -0.74>  0.45, <0, 1.90, -1.06>
  0.75, <0, 1.38, -1.00> 1, <0, 1.10, -0.80>  1.2, <0, 0.95, -0.55> }
union {
  object { ParamMesh(1, 90, 110) texture { JugTexture } texture { JugSpecks } }
  object {
    Tube(HandleSpline, 0.095, 0.085, 40)
    scale <1.5, 1, 1>
    texture { pigment { srgb <0.90, 0.88, 0.83> } finish { Glaze } }
  }
  cylinder { 0.02*y, 0.06*y, 0.45 pigment { srgb <0.85, 0.82, 0.76> } }
  rotate y*-112
  translate <-1.85, 0.02, 1.0>
}

// ------------------------------------------------------ branches and leaves --

#declare fVein = function (u, v) {
  max(0.9*min(max(1 - abs(u-0.5)/0.035, 0), 1),
      0.55*min(max(1 - abs(abs(fRep(v - abs(u-0.5)*0.42, 9)))/0.10, 0), 1)) }
#macro LeafTexture(Ca, Cb, Cv)
  texture {
    uv_mapping
    pigment {
      function { fVein(x, y) }
      color_map { [0.0 Ca] [0.3 Cb] [1.0 Cv] }
    }
    finish { diffuse 0.62, 0.30 specular 0.22 roughness 0.03 }
  }
#end
#declare LeafMesh = array[3]
#declare LeafMesh[0] = ParamMesh(6, 12, 24)
#declare LeafMesh[1] = ParamMesh(7, 12, 24)
#declare LeafMesh[2] = ParamMesh(8, 12, 24)
#declare LeafTex = array[3]
#declare LeafTex[0] = LeafTexture(srgb <0.36,0.48,0.27>, srgb <0.41,0.53,0.31>, srgb <0.55,0.63,0.40>)
#declare LeafTex[1] = LeafTexture(srgb <0.43,0.54,0.31>, srgb <0.47,0.58,0.35>, srgb <0.62,0.68,0.45>)
#declare LeafTex[2] = LeafTexture(srgb <0.52,0.61,0.36>, srgb <0.56,0.65,0.40>, srgb <0.68,0.72,0.48>)
#declare Twig = texture {
  pigment { bozo scale 0.05 color_map { [0 srgb <0.34,0.25,0.16>] [1 srgb <0.45,0.36,0.23>] } }
}

#declare RS = seed(4711);
#macro Branch(S, N, First, Big)
  union {
    object { Tube(S, 0.030, 0.010, 30) texture { Twig } }
    #local I = 0;
    #while (I < N)
      #local T = First+(1-First)*(I+0.5)/N;
      #local P = S(T)+<0,0,0>;
      #local Dir = vnormalize(S(min(T+0.02,1.02))-S(T-0.02));
      #local K = mod(I, 3);
      #local Roll = I*137.5 + 40*rand(RS);
      #local Open = 52 + 18*rand(RS) - 25*Smooth(0.8, 1, T);
      #local Size = Big*(0.62+0.34*rand(RS))*(1-0.30*T);
      // Frame whose z axis follows the twig.
      #local Xa = vnormalize(vcross(y+0.01*x, Dir)); #local Ya = vcross(Dir, Xa);
      object {
        LeafMesh[K] texture { LeafTex[int(rand(RS)*2.99)] }
        rotate z*(30*rand(RS)-15)
        translate z*0.06
        scale Size
        rotate x*-Open
        rotate z*Roll
        matrix <Xa.x,Xa.y,Xa.z, Ya.x,Ya.y,Ya.z, Dir.x,Dir.y,Dir.z, P.x,P.y,P.z>
      }
      #local I = I + 1;
    #end
  }
#end
#declare JC = <-1.85, 0, 1.0>;
#declare S1 = spline { cubic_spline -0.2, JC+<0.1,1.2,0>  0, JC+<0.05,1.7,0> 0.35, JC+<-0.15,2.5,0.05> 0.7, JC+<-0.55,3.15,-0.05> 1, JC+<-1.15,3.50,-0.15> 1.2, JC+<-1.6,3.6,-0.2> }
#declare S2 = spline { cubic_spline -0.2, JC+<-0.1,1.2,0> 0, JC+<-0.05,1.7,0> 0.35, JC+<0.15,2.55,0> 0.7, JC+<0.55,3.05,0.1> 1, JC+<1.25,3.22,0.0> 1.2, JC+<1.7,3.2,0> }
#declare S3 = spline { cubic_spline -0.2, JC+<0,1.2,0> 0, JC+<0,1.7,0.1> 0.35, JC+<0.0,2.5,0.2> 0.7, JC+<0.05,2.95,0.3> 1, JC+<0.20,3.35,0.35> 1.2, JC+<0.4,3.6,0.4> }
#declare S4 = spline { cubic_spline -0.2, JC+<0,1.2,0> 0, JC+<0.05,1.7,-0.1> 0.35, JC+<0.2,2.42,-0.25> 0.7, JC+<0.55,2.62,-0.55> 1, JC+<0.98,2.45,-0.8> 1.2, JC+<1.3,2.2,-0.9> }
#declare S5 = spline { cubic_spline -0.2, JC+<0,1.2,0> 0, JC+<-0.05,1.7,-0.1> 0.35, JC+<-0.25,2.45,-0.2> 0.7, JC+<-0.75,2.72,-0.35> 1, JC+<-1.25,2.55,-0.5> 1.2, JC+<-1.6,2.2,-0.6> }
Branch(S1, 17, 0.30, 0.80)
Branch(S2, 17, 0.30, 0.80)
Branch(S3, 15, 0.32, 0.76)
Branch(S4, 12, 0.36, 0.72)
Branch(S5, 13, 0.36, 0.74)

// ----------------------------------------------------------------- fruit ----

#macro Specks(Sc, Rad, Col, Tr)
  texture {
    pigment {
      crackle form <1,0,0>
      color_map {
        [0 Col transmit Tr] [Rad*0.7 Col transmit Tr]
        [Rad Col transmit 1] [1 Col transmit 1]
      }
      scale Sc
    }
    finish { diffuse 0.72 specular 0.30 roughness 0.02 }
  }
#end
#declare StemTex = texture { pigment { bozo scale 0.03 color_map { [0 srgb <0.27,0.18,0.11>] [1 srgb <0.44,0.32,0.19>] } } }

#declare fStreak = function { pattern { bozo } }
#declare AppleMesh = ParamMesh(2, 72, 60)
#declare fAppleRed = function (x, y, z) {
  0.30 + 0.75*fBozo(x*0.8+3, y*0.5, z*0.8) + 0.35*x - 0.10*y
  + 0.55*(fStreak(atan2(z, x)*9, y*0.9, 0.5)-0.5) + 0.35*(fStreak(atan2(z, x)*26, y*1.6, 4)-0.5) }
#declare Apple = union {
  object { AppleMesh
    texture {
      pigment {
        function { min(max(fAppleRed(x, y, z), 0), 1) }
        color_map {
          [0.00 srgb <0.80, 0.76, 0.40>]
          [0.30 srgb <0.86, 0.70, 0.36>]
          [0.55 srgb <0.82, 0.40, 0.25>]
          [0.80 srgb <0.70, 0.19, 0.17>]
          [1.00 srgb <0.55, 0.10, 0.13>]
        }
      }
      finish { diffuse 0.75 }
    }
    Specks(0.15, 0.16, srgb <0.93, 0.84, 0.62>, 0.25)
  }
  #declare AppleStem = spline { cubic_spline -0.2, <0,0.2,0> 0, <0,0.45,0> 0.5, <0.05,0.75,0.02> 1, <0.16,1.02,0.05> 1.2, <0.2,1.2,0.06> }
  object { Tube(AppleStem, 0.045, 0.065, 10) texture { StemTex } }
}

#declare PearMesh = ParamMesh(3, 72, 72)
#declare Pear = union {
  object { PearMesh
    texture {
      pigment {
        bozo turbulence 0.4
        color_map {
          [0.0 srgb <0.63, 0.66, 0.30>] [0.5 srgb <0.74, 0.70, 0.35>] [1.0 srgb <0.83, 0.71, 0.38>]
        }
        scale 0.9
      }
    }
    texture {  // a blush on one side
      pigment { gradient x scale 2.4 translate -x*1.2
        color_map { [0.0 srgbt <0.75,0.35,0.20,0.25>] [0.40 srgbt <0.78,0.45,0.25,0.85>] [0.6 srgbt <0.8,0.5,0.3,1>] [1 srgbt <0.8,0.5,0.3,1>] } }
    }
    texture {  // russet around the stalk
      pigment { gradient y turbulence 0.12 scale 3 translate -y*1.5
        color_map { [0.0 srgbt <0.5,0.36,0.2,0.4>] [0.08 srgbt <0.5,0.36,0.2,1>] [0.86 srgbt <0.5,0.36,0.2,1>] [0.95 srgbt <0.52,0.38,0.2,0.35>] } }
    }
    Specks(0.10, 0.20, srgb <0.43, 0.33, 0.17>, 0.35)
  }
  #declare PearStem = spline { cubic_spline -0.2, <0.1,0.9,0> 0, <0.10,1.18,0> 0.5, <0.13,1.5,0.03> 1, <0.27,1.82,0.08> 1.2, <0.4,2.0,0.1> }
  object { Tube(PearStem, 0.055, 0.075, 10) texture { StemTex } }
}

#declare PeelNormal = normal { crackle 0.55 form <1,0,0> slope_map { [0 <0,0>] [0.35 <0.8,1.5>] [0.55 <1,0>] [1 <1,0>] } scale 0.075 }
#declare OrangeSkin = texture {
  pigment {
    bozo turbulence 0.3
    color_map { [0 srgb <0.90, 0.49, 0.13>] [0.6 srgb <0.94, 0.56, 0.17>] [1 srgb <0.95, 0.62, 0.22>] }
    scale 0.7
  }
  normal { PeelNormal }
  finish { diffuse 0.75 specular 0.30 roughness 0.03 }
}
#declare OrangePores = texture {
  pigment { crackle form <1,0,0>
    color_map { [0 srgbt <0.72,0.34,0.06,0.45>] [0.16 srgbt <0.75,0.36,0.06,0.7>] [0.26 srgbt <0.8,0.4,0.1,1>] [1 srgbt <0.8,0.4,0.1,1>] }
    scale 0.075 }
  normal { PeelNormal }
  finish { diffuse 0.75 specular 0.30 roughness 0.03 }
}
#declare Orange = union {
  sphere { 0, 1 scale <1, 0.95, 1> texture { OrangeSkin } texture { OrangePores } }
  #declare I = 0; #while (I < 5)
    cone { <0,0.945,0>, 0.05, <0.11,0.95,0>, 0.01 rotate y*72*I pigment { srgb <0.38,0.42,0.20> } }
  #declare I = I + 1; #end
  sphere { <0,0.95,0>, 0.045 texture { StemTex } }
}

#declare LemonMesh = ParamMesh(4, 60, 60)
#declare Lemon = object { LemonMesh
  texture {
    pigment { bozo turbulence 0.3 color_map { [0 srgb <0.91,0.78,0.22>] [1 srgb <0.95,0.85,0.36>] } scale 0.6 }
    normal { PeelNormal scale 1.3 }
    finish { diffuse 0.75 specular 0.30 roughness 0.03 }
  }
  texture {
    pigment { crackle form <1,0,0>
      color_map { [0 srgbt <0.74,0.56,0.08,0.5>] [0.16 srgbt <0.75,0.58,0.1,0.75>] [0.26 srgbt <0.8,0.6,0.1,1>] [1 srgbt <0.8,0.6,0.1,1>] }
      scale 0.0975 }
    normal { PeelNormal scale 1.3 }
    finish { diffuse 0.75 specular 0.30 roughness 0.03 }
  }
}

// Cut half of an orange; the cut looks up (+y).
#declare SegN = 10;
#declare fWarp = function (x, z) { atan2(z, x) + 0.075*sin(3*atan2(z, x)+1.3) + 0.06*sin(2*atan2(z, x)+4) }
#declare fSeg = function (x, z) {
  min( (0.85 + 0.012*sin(5*atan2(z, x)+2) - sqrt(x*x+z*z)),
  min( (sqrt(x*x+z*z) - 0.085 - 0.02*sin(3*atan2(z, x))),
       sqrt(x*x+z*z)*abs(sin(fWarp(x, z)*SegN/2))*2/SegN - 0.010 - 0.012*max(0, sqrt(x*x+z*z)-0.6) )) }
#declare fPulp = function { pattern { bozo turbulence 0.2 } }
#declare HalfOrange = union {
  difference {
    sphere { 0, 1 scale <1, 0.95, 1> }
    plane { -y, 0 }
    texture { OrangeSkin } texture { OrangePores }
  }
  disc { <0,0.001,0>, y, 0.995
    texture {
      pigment {
        function { min(max(sqrt(x*x+z*z), 0), 1) }
        color_map { [0 srgb <0.95,0.83,0.60>] [0.87 srgb <0.96,0.87,0.68>] [0.925 srgb <0.96,0.84,0.58>] [0.95 srgb <0.95,0.60,0.18>] [1 srgb <0.93,0.54,0.14>] }
      }
      finish { diffuse 0.75 specular 0.15 roughness 0.02 }
    }
    texture {
      pigment {
        function { min(max(fSeg(x, z)/0.024, 0), 1) }
        pigment_map {
          [0.25 color srgbt <1,0.8,0.5,1>]
          [0.75 function { fPulp(fWarp(x, z)*8, sqrt(x*x+z*z)*4.5, 1.3) }
             color_map { [0.15 srgb <0.89,0.42,0.07>] [0.5 srgb <0.95,0.55,0.13>] [0.78 srgb <0.98,0.70,0.27>] [0.9 srgb <1.0,0.80,0.42>] } ]
        }
      }
      normal { function { fPulp(fWarp(x, z)*8, sqrt(x*x+z*z)*4.5, 1.3)*0.06 } 1.0 }
      finish { diffuse 0.78 specular 0.55 roughness 0.012 reflection { 0.01, 0.12 falloff 3 } }
    }
  }
}

// ------------------------------------------------------------------ bowl ----

#declare BowlGlaze = finish { diffuse 0.75 specular 0.25 roughness 0.012 reflection { 0.012, 0.28 falloff 3 } }
#declare Bowl = object {
  lathe { cubic_spline 15,
    <0.0, 0.02>, <0.30, 0.02>, <0.44, 0.01>, <0.47, 0.05>, <0.45, 0.10>, <0.62, 0.16>, <0.92, 0.38>,
    <1.06, 0.66>, <1.075, 0.715>, <1.04, 0.725>, <1.005, 0.67>, <0.86, 0.42>, <0.58, 0.23>, <0.0, 0.17>, <-0.4, 0.17> }
  texture {
    pigment { gradient y turbulence 0.05
      color_map {
        [0.00 srgb <0.62,0.47,0.36>] [0.17 srgb <0.64,0.49,0.38>]
        [0.20 srgb <0.55,0.63,0.62>] [0.55 srgb <0.60,0.68,0.665>] [0.80 srgb <0.66,0.73,0.70>]
        [0.90 srgb <0.70,0.70,0.62>] [0.94 srgb <0.60,0.48,0.36>] [1.0 srgb <0.58,0.46,0.34>] }
      scale 0.78 }
    normal { bumps 0.05 scale <0.6, 0.08, 0.6> }
    finish { UnderGlaze }
  }
  texture {
    pigment { crackle form <1,0,0>
      color_map { [0 srgbt <0.26,0.22,0.18,0.1>] [0.15 srgbt <0.30,0.25,0.2,0.35>] [0.22 srgbt <0.3,0.3,0.3,1>] [1 srgbt <0.3,0.3,0.3,1>] }
      scale 0.055 }
    finish { UnderGlaze }
  }
  texture {
    pigment { crackle form <1,0,0> translate 4.4
      color_map { [0 srgbt <0.92,0.94,0.9,0.3>] [0.13 srgbt <0.92,0.94,0.9,0.6>] [0.19 srgbt <0.9,0.9,0.9,1>] [1 srgbt <0.9,0.9,0.9,1>] }
      scale 0.09 }
    normal { bumps 0.05 scale <0.6, 0.08, 0.6> }
    finish { BowlGlaze }
  }
}
union {
  object { Bowl }
  object { Orange scale 0.42 rotate <25, 10, -30> translate <-0.48, 0.78, -0.22> }
  object { Apple  scale 0.43 rotate <-18, 200, 12> translate <0.43, 0.80, -0.28> }
  object { Lemon  scale 0.33 rotate <0, 0, 74> rotate y*28 translate <-0.02, 0.72, -0.62> }
  object { Orange scale 0.41 rotate <-40, 70, 20> translate <0.42, 0.78, 0.50> }
  object { Apple  scale 0.42 rotate <10, 20, 14> translate <-0.42, 0.80, 0.54> }
  object { Orange scale 0.40 rotate <-28, 130, 10> translate <0.03, 1.20, 0.10> }
  object { LeafMesh[1] texture { LeafTex[1] } scale 0.62 rotate <-12, 70, 0> translate <0.05, 1.56, 0.06> }
  object { LeafMesh[0] texture { LeafTex[0] } scale 0.55 rotate <-6, 170, 10> translate <0.03, 1.56, 0.04> }
  translate <0.05, 0.04, 0.2>
}

object { Pear scale 0.40 rotate y*200 rotate x*4 translate <-1.22, 0.52, -0.95> }
object { Lemon scale 0.33 rotate z*82 rotate y*208 translate <2.42, 0.32, -1.52> }

// Half orange leaning back on a lemon.
object { HalfOrange scale 0.46 rotate x*-58 rotate y*-10 translate <1.22, 0.41, -1.32> }
object { Lemon scale 0.32 rotate z*80 rotate y*24 translate <1.58, 0.31, -0.72> }

// ---------------------------------------------------------------- grapes ----

#declare GrapeTex = texture {
  pigment { bozo turbulence 0.5
    color_map { [0 srgb <0.23,0.12,0.22>] [0.5 srgb <0.32,0.16,0.28>] [0.75 srgb <0.42,0.28,0.40>] [1 srgb <0.52,0.42,0.55>] }
    scale 0.11 }
  finish { diffuse 0.70 specular 0.40 roughness 0.015 reflection { 0.01, 0.18 falloff 3.5 } }
}
#declare RG = seed(93);
#declare GN = 0; #declare GMax = 60;
#declare GP = array[GMax]; #declare GR = array[GMax];
#declare Tries = 0;
#while (GN < GMax & Tries < 4000)
  #declare Tt = rand(RG);
  #declare Rr = 0.108 + 0.026*rand(RG);
  #declare Wd = 0.46*(1-0.55*Tt)*sqrt(rand(RG));
  #declare An = rand(RG)*2*pi;
  #declare P = <-0.72 + 1.20*Tt, 0, -1.32 - 0.28*Tt> + <0.2*cos(An)*Wd, 0, cos(An)*Wd*1.25>;
  #declare Yh = 0.02 + Rr + (GN < 17 ? 0 : 1)*(0.50*(1-0.7*Tt))*rand(RG)*max(0, 1-pow(Wd/0.50, 2));
  #declare P = <P.x, Yh, P.z>;
  #declare Ok = 1; #declare I = 0;
  #while (I < GN)
    #if (vlength(P-GP[I]) < 0.86*(Rr+GR[I])) #declare Ok = 0; #end
    #declare I = I + 1;
  #end
  #if (Ok)
    #declare GP[GN] = P; #declare GR[GN] = Rr; #declare GN = GN + 1;
    sphere { 0, Rr scale <1, 1.08, 1> rotate <rand(RG)*60-30, rand(RG)*360, rand(RG)*60-30> translate P
      texture { GrapeTex rotate rand(RG)*360 translate P*7 } }
  #end
  #declare Tries = Tries + 1;
#end
#debug concat("grapes: ", str(GN, 0, 0), "\n")
#declare GrapeStem = spline { cubic_spline -0.2, <-0.2,0.3,-1.3> 0, <-0.40,0.42,-1.3> 0.5, <-0.66,0.62,-1.26> 1, <-0.78,0.74,-1.44> 1.2, <-0.8,0.8,-1.6> }
object { Tube(GrapeStem, 0.020, 0.026, 16) pigment { srgb <0.45,0.44,0.24> } }

// ----------------------------------------------------------------- cloth ----

#declare fThread = function (u, v) {        // plain weave
  0.5 + 0.5*sin(u*pi*2*60)*sin(v*pi*2*96) }
#declare fSlub = function { pattern { bozo } }
#declare fWeave = function (u, v) {
  0.62*fThread(u, v) + 0.20*fSlub(u*120, v*8, 0) + 0.20*fSlub(u*6, v*190, 3) }
#declare fIn = function (v, a, b) { (v > a)*(v < b) }
#declare fEdge = function (u) { 0.5-abs(u-0.5) }
#declare fStripe = function (e) { fIn(e, 0.055, 0.085)+fIn(e, 0.10, 0.19)+fIn(e, 0.205, 0.235) }
#declare fThin = function (e) { fIn(e, 0.29, 0.302)+fIn(e, 0.318, 0.33) }
#declare fEnd = function (v) { fIn(v, 0.895, 0.91)+fIn(v, 0.92, 0.96)+fIn(v, 0.97, 0.985)
                             + fIn(v, 0.02, 0.035) }
object {
  ParamMesh(5, 110, 170)
  texture {
    uv_mapping
    pigment {
      function { min(1, 0.5*fStripe(fEdge(x)) + 0.5*fThin(fEdge(x)) + 0.5*fEnd(y)) }
      pigment_map {
        [0.00 function { fWeave(x, y) } color_map { [0.1 srgb <0.66,0.62,0.54>] [0.5 srgb <0.84,0.80,0.72>] [0.95 srgb <0.95,0.92,0.85>] }]
        [0.50 function { fWeave(x, y) } color_map { [0.1 srgb <0.30,0.37,0.47>] [0.5 srgb <0.43,0.51,0.61>] [0.95 srgb <0.60,0.66,0.73>] }]
        [1.00 function { fWeave(x, y) } color_map { [0.1 srgb <0.20,0.27,0.38>] [0.5 srgb <0.32,0.40,0.52>] [0.95 srgb <0.48,0.56,0.66>] }]
      }
    }
    finish { diffuse 0.74, 0.12 }
  }
}

// ------------------------------------------------------------------ book ----

#declare BW = 1.78; #declare BH = 2.42; #declare BT = 0.34;
#declare CoverTex = texture {
  pigment {
    average pigment_map {
      [1 bozo scale <0.012, 0.14, 0.14> color_map { [0 srgb <0.11,0.27,0.30>] [1 srgb <0.19,0.38,0.41>] }]
      [1 bozo scale <0.14, 0.012, 0.14> color_map { [0 srgb <0.11,0.27,0.30>] [1 srgb <0.19,0.38,0.41>] }]
      [1 bozo scale 0.6 color_map { [0 srgb <0.13,0.30,0.33>] [1 srgb <0.17,0.34,0.37>] }]
    }
  }
  normal { average normal_map { [1 bumps 0.22 scale <0.014, 0.10, 0.1>] [1 bumps 0.22 scale <0.10, 0.014, 0.1>] } }
  finish { diffuse 0.75 specular 0.06 roughness 0.08 }
}
#declare Gilt = texture {
  pigment { bozo scale 0.05 color_map { [0 srgb <0.87,0.72,0.42>] [1 srgb <0.95,0.82,0.54>] } }
  finish { diffuse 0.80 specular 0.35 roughness 0.05 metallic reflection { 0.04 metallic } }
}
#declare PaperTex = texture {
  pigment { gradient z turbulence 0.01 scale 0.018
    color_map { [0 srgb <0.70,0.64,0.52>] [0.4 srgb <0.92,0.87,0.76>] [1 srgb <0.93,0.89,0.79>] } }
}
#declare Zf = -BT-0.004;    // front of the cover
#macro Frame(X0, Y0, X1, Y1, Wd)
  box { <X0, Y0, Zf>, <X1, Y0+Wd, Zf+0.02> }
  box { <X0, Y1-Wd, Zf>, <X1, Y1, Zf+0.02> }
  box { <X0, Y0, Zf>, <X0+Wd, Y1, Zf+0.02> }
  box { <X1-Wd, Y0, Zf>, <X1, Y1, Zf+0.02> }
#end
#macro CentredText(Str, Width, Track, Yc)
  #local Tx = text { internal 1 Str 0.04, <Track, 0> };
  #local Mx = max_extent(Tx); #local Mn = min_extent(Tx);
  #local Size = Width/(Mx.x-Mn.x);
  object { Tx translate <-(Mx.x+Mn.x)/2, 0, 0> scale <Size, Size, 0.6> translate <0.045, Yc, Zf-0.004> }
#end
#declare Book = union {
  object { RoundBox(<-BW/2, 0, -BT>, <BW/2, BH, -BT+0.05>, 0.018) texture { CoverTex } }
  object { RoundBox(<-BW/2, 0, -0.05>, <BW/2, BH, 0>, 0.018) texture { CoverTex } }
  object { RoundBox(<-BW/2-0.02, 0, -BT>, <-BW/2+0.05, BH, 0>, 0.02) texture { CoverTex } }
  box { <-BW/2+0.03, 0.05, -BT+0.04>, <BW/2-0.05, BH-0.05, -0.04> texture { PaperTex } }
  // Groove of the joint.
  cylinder { <-BW/2+0.115, 0.01, -BT-0.002>, <-BW/2+0.115, BH-0.01, -BT-0.002>, 0.012
    pigment { srgb <0.09,0.20,0.23> } }
  union {
    #declare Xl = -BW/2+0.22; #declare Xr = BW/2-0.13;
    Frame(Xl, 0.12, Xr, BH-0.12, 0.022)
    Frame(Xl+0.055, 0.175, Xr-0.055, BH-0.175, 0.014)
    CentredText("HYPIR", 1.16, 0.10, 1.77)
    box { <-0.28, 1.60, Zf>, <0.36, 1.612, Zf+0.02> }
    CentredText("pictures restored", 0.98, 0.05, 0.32)
    texture { Gilt }
  }
  // Vignette: a small inlaid landscape, sun over hills.
  union {
    difference {
      cylinder { <0.04, 1.02, Zf>, <0.04, 1.02, Zf+0.02>, 0.46 }
      cylinder { <0.04, 1.02, Zf-1>, <0.04, 1.02, Zf+1>, 0.435 }
      texture { Gilt }
    }
    cylinder { <0.04, 1.02, Zf+0.001>, <0.04, 1.02, Zf+0.02>, 0.44
      pigment {
        function {
          select(y-0.83-0.06*sin(x*7+0.4), 0.9,
          select(y-0.97-0.07*sin(x*5+2.2), 0.7,
          select(y-1.07-0.09*sin(x*4+4.4), 0.5,
          select(sqrt(pow(x-0.16, 2)+pow(y-1.24, 2))-0.09, 0.1, 0.3)))) }
        color_map {
          [0.2 srgb <0.95,0.80,0.48>] [0.2 srgb <0.88,0.80,0.68>]
          [0.4 srgb <0.88,0.80,0.68>] [0.4 srgb <0.60,0.68,0.66>]
          [0.6 srgb <0.60,0.68,0.66>] [0.6 srgb <0.40,0.54,0.52>]
          [0.8 srgb <0.40,0.54,0.52>] [0.8 srgb <0.74,0.45,0.30>]
        }
      }
    }
  }
}
object { Book rotate x*11 rotate y*7 translate <1.72, 0.004, 2.10> }

// ----------------------------------------------------------------- glass ----

#declare GlassI = interior { ior 1.5 fade_distance 3 fade_power 1 fade_color srgb <0.80,0.92,0.88> }
#declare GlassF = texture {
  pigment { srgbf <0.985, 0.995, 0.99, 0.98> }
  finish { diffuse 0.02 specular 0.5 roughness 0.003 reflection { 0.0, 1.0 fresnel } conserve_energy }
}
#declare Tumbler = union {
  difference {
    intersection {
      cone { <0,0,0>, 0.33, <0,1.25,0>, 0.43 }
      #declare I = 0; #while (I < 10)
        plane { z, 0.303 rotate x*7.1 rotate y*36*I }
      #declare I = I + 1; #end
    }
    cone { <0,0.13,0>, 0.285, <0,1.26,0>, 0.355 }
    texture { GlassF } interior { GlassI }
    photons { target reflection off refraction on }
  }
  cone { <0,0.1302,0>, 0.2848, <0,0.78,0>, 0.3248
    texture { pigment { srgbf <0.97,0.99,1,0.99> } finish { diffuse 0 specular 0.4 roughness 0.004 reflection { 0, 1 fresnel } conserve_energy } }
    interior { ior 1.33 }
    photons { target reflection off refraction on }
  }
}
object { Tumbler rotate y*9 translate <2.78, 0.002, 0.35> }
